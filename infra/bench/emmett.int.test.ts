import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emmettBenchmarks } from "./emmett.ts";
import type { BenchResult } from "./report.ts";
import { runBenchmarks } from "./run-benchmarks.ts";

test("Emmett's store is measured on the same PostgreSQL, without an error", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-bench-"));
  const results: BenchResult[] = [];
  const machines: string[] = [];
  await runBenchmarks(emmettBenchmarks.slice(0, 2), {
    time: { warmUpMs: 100, durationMs: 2_000 },
    folder,
    onStart: ({ postgres }) => machines.push(postgres),
    onResult: (result) => results.push(result),
  });
  rmSync(folder, { recursive: true, force: true });
  expect(machines).toEqual([expect.stringMatching(/^18\./)]);
  expect(results.map(({ measurement }) => measurement.errors)).toEqual([0, 0]);
  for (const { measurement } of results) expect(measurement.operations).toBeGreaterThan(0);
}, 60_000);
