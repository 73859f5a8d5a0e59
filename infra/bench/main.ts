/** `bun run bench [part of a name …] [--seconds=5] [--json]` */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { benchmarks } from "./benchmarks.ts";
import type { Machine } from "./machine.ts";
import { type BenchResult, machineLine, reportTable } from "./report.ts";
import { runBenchmarks } from "./run-benchmarks.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, seconds: { type: "string", default: "5" } },
});
const chosen = benchmarks.filter(({ name }) => positionals.every((part) => name.toLowerCase().includes(part.toLowerCase())));
if (chosen.length === 0) {
  console.error(`No benchmark matches. There are:\n${benchmarks.map(({ name }) => `  ${name}`).join("\n")}`);
  process.exit(1);
}

const results: BenchResult[] = [];
let machine: Machine | undefined;
await runBenchmarks(chosen, {
  time: { warmUpMs: 3_000, durationMs: Number(values.seconds) * 1000 },
  folder: resolve(import.meta.dirname, "../../.data"),
  onStart: (described) => {
    machine = described;
    if (!values.json) console.log(`${machineLine(described)}\n`);
  },
  onResult: (result) => {
    results.push(result);
    if (!values.json) console.log(reportTable([result]).split("\n").at(-1));
  },
});

console.log(values.json ? JSON.stringify({ machine, results }, null, 2) : `\n${reportTable(results)}`);
for (const { name, measurement } of results) {
  if (measurement.firstError !== undefined) console.error(`${name}: ${measurement.firstError}`);
}
process.exit(results.some(({ measurement }) => measurement.errors > 0) ? 1 : 0);
