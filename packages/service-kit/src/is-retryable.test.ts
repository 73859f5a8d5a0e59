import { expect, test } from "vitest";
import { isRetryable } from "./is-retryable.ts";

const withCode = (code: string) => Object.assign(new Error(code), { code });

test.each(["CONNECTION_CLOSED", "CONNECT_TIMEOUT", "ECONNREFUSED", "ECONNRESET", "25P04", "57P01", "57P03", "53300", "ConnectionRefused"])(
  "%s may be gone at the next try",
  (code) => {
    expect(isRetryable(withCode(code))).toBe(true);
  },
);

test.each(["23505", "22P02", "ENOENT", "EACCES"])("%s will not", (code) => {
  expect(isRetryable(withCode(code))).toBe(false);
});

test("an error's own word counts before its code, and its code before its cause", () => {
  expect(isRetryable(Object.assign(withCode("ECONNREFUSED"), { retryable: false }))).toBe(false);
  expect(isRetryable(Object.assign(new Error("x"), { retryable: true }))).toBe(true);
  expect(isRetryable(new Error("x", { cause: withCode("ECONNRESET") }))).toBe(true);
  expect(isRetryable(new Error("x", { cause: new Error("y") }))).toBe(false);
  expect(isRetryable("ECONNRESET")).toBe(false);
});
