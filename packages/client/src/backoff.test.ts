import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

test("each wait is at most twice the one before, up to fifteen seconds", () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempt) => backoffMs(attempt, () => 1));
  expect(longest).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
});

test("clients that lost the same service come back at different times, none before half of the wait", () => {
  expect([0, 0.5, 1].map((chance) => backoffMs(3, () => chance))).toEqual([500, 750, 1_000]);
});
