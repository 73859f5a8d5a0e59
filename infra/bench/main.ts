/** `bun run bench [part of a name …] [--seconds=5] [--json]` */
import { resolve } from "node:path";
import { benchOptions, benchUsage } from "./bench-options.ts";
import { benchmarks } from "./benchmarks.ts";
import type { Machine } from "./machine.ts";
import { type BenchResult, machineLine, reportTable } from "./report.ts";
import { runBenchmarks } from "./run-benchmarks.ts";

const options = benchOptions(process.argv.slice(2));
if ("fault" in options) {
  console.error(`cartwright: ${options.fault}\n${benchUsage}`);
  process.exit(1);
}
if (options.help) {
  console.info(benchUsage);
  process.exit();
}
const { json, seconds, parts } = options;
const chosen = benchmarks.filter(({ name }) => parts.every((part) => name.toLowerCase().includes(part.toLowerCase())));
if (chosen.length === 0) {
  console.error(`No benchmark matches. There are:\n${benchmarks.map(({ name }) => `  ${name}`).join("\n")}`);
  process.exit(1);
}

const results: BenchResult[] = [];
let machine: Machine | undefined;
await runBenchmarks(chosen, {
  time: { warmUpMs: 3_000, durationMs: seconds * 1000 },
  folder: resolve(import.meta.dirname, "../../.data"),
  onStart: (described) => {
    machine = described;
    if (!json) console.log(`${machineLine(described)}\n`);
  },
  onResult: (result) => {
    results.push(result);
    if (!json) console.log(reportTable([result]).split("\n").at(-1));
  },
});

console.log(json ? JSON.stringify({ machine, results }, null, 2) : `\n${reportTable(results)}`);
for (const { name, measurement } of results) {
  if (measurement.firstError !== undefined) console.error(`${name}: ${measurement.firstError}`);
}
process.exit(results.some(({ measurement }) => measurement.errors > 0) ? 1 : 0);
