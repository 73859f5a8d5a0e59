import { expect, test } from "vitest";
import { backlogFor, drainMeter, handledMetrics } from "./drain.ts";

test("what is worked off is counted from its first piece to its last, and it is known when all is done", async () => {
  const meter = drainMeter(3_000);
  const { add } = handledMetrics(meter.add).counter({ name: "consumer_handled_total", help: "" });
  for (let piece = 0; piece < 6; piece++) add({}, 500);
  await meter.drained;
  expect(meter.measurement()).toMatchObject({ operations: 3_000, errors: 0 });
  expect(meter.measurement().remark).toMatch(/^3,000 events, \d+ µs of this process each/);
});

test("other counters do not count", () => {
  const meter = drainMeter(1);
  handledMetrics(meter.add).counter({ name: "consumer_skipped_total", help: "" }).add({});
  expect(meter.measurement().operations).toBe(0);
});

test("there is enough for the whole run", () => {
  expect(backlogFor({ warmUpMs: 0, durationMs: 5_000 })).toBe(200_000);
});
