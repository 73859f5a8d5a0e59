import { describe, expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

describe("a pause between tries", () => {
  test("doubles up to its limit", () => {
    const pauses = [1, 2, 3, 4, 50].map((failures) => backoffMs(failures, { baseMs: 100, maxMs: 500, random: () => 1 }));
    expect(pauses).toEqual([100, 200, 400, 500, 500]);
  });
  test("has its upper half at random", () => {
    expect(backoffMs(2, { random: () => 0 })).toBe(100);
    expect(backoffMs(2, { random: () => 0.5 })).toBe(150);
  });
});
