import { expect, test } from "vitest";
import { measure } from "./measure.ts";
import { percentile, startRecorder } from "./measurement.ts";

test("a percentile is a value that was measured", () => {
  const values = Float64Array.from([1, 2, 3, 4]);
  expect([0, 0.5, 0.51, 0.99, 1].map((part) => percentile(values, part))).toEqual([1, 2, 3, 4, 4]);
  expect(percentile(new Float64Array(), 0.99)).toBe(0);
});

test("what ends while it warms up, or after the end, is not counted; what fails always is", () => {
  // Whole, or sums of it would be rounded.
  const now = Math.floor(performance.now());
  const recorder = startRecorder({ warmUpMs: 10_000, durationMs: 10_000 });
  recorder.succeeded(now, now + 9_000);
  recorder.succeeded(now + 9_000, now + 11_000);
  recorder.succeeded(now + 19_000, now + 30_000);
  recorder.failed("first");
  recorder.failed("second");
  expect(recorder.measurement()).toEqual({
    operations: 1,
    seconds: 10,
    latencyMs: { p50: 2_000, p99: 2_000, max: 2_000 },
    errors: 2,
    firstError: "first",
  });
});

test("as many operations are under way as were asked for, and one fails for itself", async () => {
  let underWay = 0;
  let most = 0;
  const turns = new Map<number, number[]>();
  const { operations, errors, firstError } = await measure(
    {
      inFlight: 3,
      operation: async (slot, turn) => {
        underWay += 1;
        most = Math.max(most, underWay);
        turns.set(slot, [...(turns.get(slot) ?? []), turn]);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        if (slot === 2 && turn === 0) throw new Error("poison");
      },
    },
    { warmUpMs: 0, durationMs: 20 },
  );
  expect({ most, errors, firstError }).toEqual({ most: 3, errors: 1, firstError: "Error: poison" });
  expect(operations).toBeGreaterThan(0);
  expect([...turns.keys()].sort()).toEqual([0, 1, 2]);
  expect(turns.get(1)?.slice(0, 3)).toEqual([0, 1, 2]);
});
