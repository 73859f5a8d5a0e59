import { expect, test } from "vitest";
import { reportTable } from "./report.ts";

test("a table of rates and latencies, ready for a README", () => {
  const measurement = { operations: 24_690, seconds: 2, latencyMs: { p50: 0.1234, p99: 45.6, max: 99 }, errors: 0 };
  expect(reportTable([{ name: "append, 256 at once", unit: "commands", measurement }])).toBe(
    [
      "| benchmark | rate | p50 | p99 | errors |",
      "| --- | ---: | ---: | ---: | ---: |",
      "| append, 256 at once | 12,345 commands/s | 0.12 ms | 46 ms | 0 |",
    ].join("\n"),
  );
});

test("what else was found stands beside the name", () => {
  const measurement = { operations: 10, seconds: 1, latencyMs: { p50: 1, p99: 1, max: 1 }, errors: 0, remark: "19.4 KiB a subscriber" };
  expect(reportTable([{ name: "live", unit: "changes", measurement }])).toContain("\n| live (19.4 KiB a subscriber) | 10 changes/s |");
});
