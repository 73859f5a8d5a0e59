import { expect, test } from "vitest";
import { firstFailure, isRetryable } from "./is-retryable.ts";
import { failuresThatPass, failuresThatStay } from "./testing/retryable-cases.ts";

test.each(failuresThatPass)("%s may be gone at the next try", (_what, failure) => expect(isRetryable(failure)).toBe(true));

test.each(failuresThatStay)("%s will not", (_what, failure) => expect(isRetryable(failure)).toBe(false));

test("a caller may know of more, wherever it is behind", () => {
  const notGranted = Object.assign(new Error("permission denied"), { code: "42501" });
  expect(isRetryable(new AggregateError([notGranted], "together"))).toBe(false);
  expect(isRetryable(new AggregateError([notGranted], "together"), new Set(["42501"]))).toBe(true);
});

test("the runtime's own suppression is known", async () => {
  const first = new TypeError("first");
  const work = async () => {
    await using _resource = { [Symbol.asyncDispose]: () => Promise.reject(new Error("dispose")) };
    throw first;
  };
  expect(firstFailure(await work().catch((error) => error))).toBe(first);
});
