import { failuresThatPass, failuresThatStay } from "@cartwright/failures/testing/retryable-cases";
import { expect, test } from "vitest";
import { isRetryable } from "./is-retryable.ts";

test.each(failuresThatPass)("%s is the dependency's", (_what, failure) => expect(isRetryable(failure)).toBe(true));

test.each(failuresThatStay)("%s is the event's", (_what, failure) => expect(isRetryable(failure)).toBe(false));

test.each(["42501", "42P01", "42703", "3F000"])("%s is the deployment's", (code) => {
  expect(isRetryable(Object.assign(new Error("failed"), { code }))).toBe(true);
});
