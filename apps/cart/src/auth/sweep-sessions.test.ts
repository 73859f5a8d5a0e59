import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sweepSessions } from "./sweep-sessions.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("what has expired is swept in portions until nothing is left, and again later", async () => {
  let expired = 2_500;
  const portions: number[] = [];
  const sessions = {
    sweep: async (_: Date, limit: number) => {
      const swept = Math.min(limit, expired);
      expired -= swept;
      portions.push(swept);
      return swept;
    },
  };
  const sweeper = sweepSessions({ sessions, now: () => new Date(), everyMs: 1_000 });
  vi.advanceTimersByTime(1_000);
  await sweeper.stop();
  expect(portions).toEqual([1_000, 1_000, 500, 0]);
});

test("a sweep that fails is told and stops no later one", async () => {
  let calls = 0;
  const told: unknown[] = [];
  const sessions = {
    sweep: async () => {
      calls += 1;
      if (calls === 1) throw new Error("away");
      return 0;
    },
  };
  const sweeper = sweepSessions({ sessions, now: () => new Date(), everyMs: 1_000, onError: (error) => told.push(error) });
  vi.advanceTimersByTime(2_000);
  await sweeper.stop();
  expect(told).toEqual([new Error("away")]);
  expect(calls).toBe(2);
});
