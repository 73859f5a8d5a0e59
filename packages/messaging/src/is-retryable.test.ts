import { describe, expect, test } from "vitest";
import { isRetryable } from "./is-retryable.ts";

const withCode = (code: string) => Object.assign(new Error("failed"), { code });

describe("an error", () => {
  test("says itself whether a retry helps", () => {
    expect(isRetryable(Object.assign(withCode("ECONNREFUSED"), { retryable: false }))).toBe(false);
    expect(isRetryable(Object.assign(new Error("away"), { retryable: true }))).toBe(true);
  });
  test.each([
    "CONNECTION_CLOSED",
    "CONNECT_TIMEOUT",
    "ECONNRESET",
    "ConnectionRefused",
    "25P03",
    "25P04",
    "40P01",
    "40001",
    "57P01",
    "08006",
    "53300",
    "53100",
    "25006",
    "42P01",
  ])("with the code %s is the dependency's", (code) => {
    expect(isRetryable(withCode(code))).toBe(true);
  });
  test.each(["23505", "23514", "22P02", "25P02", "P0001"])("with the code %s is the event's", (code) => {
    expect(isRetryable(withCode(code))).toBe(false);
  });
  test("of a time-out is the dependency's", () => {
    expect(isRetryable(new DOMException("too long", "TimeoutError"))).toBe(true);
  });
  test("is judged by its cause where it says nothing itself", () => {
    expect(isRetryable(new Error("could not unseal", { cause: withCode("ECONNREFUSED") }))).toBe(true);
    expect(isRetryable(new Error("could not unseal", { cause: new TypeError("x is undefined") }))).toBe(false);
  });
  test("that is none is the event's", () => {
    expect(isRetryable("away")).toBe(false);
    expect(isRetryable(undefined)).toBe(false);
  });
});
