import { expect, test } from "vitest";
import { signInThrottle } from "./sign-in-throttle.ts";

const seconds = (value: number) => new Date(value * 1_000);

test("a few mistakes cost nothing, then each one doubles the pause", () => {
  const throttle = signInThrottle({ free: 3 });
  expect([1, 2, 3].map(() => throttle.attempt("ada", seconds(0)))).toEqual([0, 0, 0]);
  expect(throttle.attempt("ada", seconds(0))).toBe(1_000);
  expect(throttle.attempt("ada", seconds(1))).toBe(0);
  expect(throttle.attempt("ada", seconds(1))).toBe(2_000);
  expect(throttle.attempt("ada", seconds(3))).toBe(0);
  expect(throttle.attempt("ada", seconds(3))).toBe(4_000);
});

test("trying while the pause lasts does not lengthen it", () => {
  const throttle = signInThrottle({ free: 1 });
  throttle.attempt("ada", seconds(0));
  for (let tries = 0; tries < 100; tries++) throttle.attempt("ada", seconds(0.5));
  expect(throttle.attempt("ada", seconds(1))).toBe(0);
});

test("the pause has an upper bound", () => {
  const throttle = signInThrottle({ free: 1, longestPauseMs: 60_000 });
  for (let failure = 0; failure < 50; failure++) throttle.attempt("ada", seconds(failure * 60));
  expect(throttle.attempt("ada", seconds(49 * 60 + 0.001))).toBe(59_999);
});

test("a success, or a quarter of an hour, forgets the mistakes", () => {
  const throttle = signInThrottle({ free: 2 });
  throttle.attempt("ada", seconds(0));
  throttle.attempt("ada", seconds(0));
  throttle.succeeded("ada");
  expect([1, 2].map(() => throttle.attempt("ada", seconds(0)))).toEqual([0, 0]);
  expect(throttle.attempt("ada", seconds(900.1))).toBe(0);
  expect(throttle.attempt("ada", seconds(900.1))).toBe(0);
});

test("one name's mistakes are not another's, and only so many names are remembered", () => {
  const throttle = signInThrottle({ free: 1, names: 2 });
  for (const name of ["ada", "grace", "edsger"]) expect(throttle.attempt(name, seconds(0))).toBe(0);
  expect(throttle.attempt("edsger", seconds(0))).toBe(1_000);
  expect(throttle.attempt("ada", seconds(0))).toBe(0);
});
