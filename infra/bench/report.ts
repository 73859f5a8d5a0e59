import type { Machine } from "./machine.ts";
import type { Measurement } from "./measurement.ts";

export type BenchResult = { name: string; unit: string; measurement: Measurement };

export const machineLine = ({ cpu, cores, memoryGiB, system, bun, postgres, diskSyncMs }: Machine): string =>
  `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Bun ${bun}, PostgreSQL ${postgres}, ${diskSyncMs.toFixed(2)} ms a disk sync`;

/** A Markdown table of what was measured, for the README as for the terminal. */
export const reportTable = (results: readonly BenchResult[]): string => {
  const rows = results.map(({ name, unit, measurement: { operations, seconds, latencyMs, errors, remark } }) => [
    remark === undefined ? name : `${name} (${remark})`,
    `${count(operations / seconds)} ${unit}/s`,
    milliseconds(latencyMs.p50),
    milliseconds(latencyMs.p99),
    count(errors),
  ]);
  return [["benchmark", "rate", "p50", "p99", "errors"], ["---", "---:", "---:", "---:", "---:"], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
};

const count = (value: number): string => Math.round(value).toLocaleString("en-US");

const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
