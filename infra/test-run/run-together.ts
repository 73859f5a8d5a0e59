import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJunitByFile } from "./junit.ts";
import type { Result, RunEnvironment } from "./result.ts";
import { bunTest, type Limits } from "./run-file.ts";
import { describeEnd, runProcess } from "./run-process.ts";

export type Together = {
  /** Of the files that came to an end. */
  results: readonly Result[];
  /** Why the run as a whole is not well, be it for a test that failed or for what no result tells. Undefined: it is. */
  trouble: string | undefined;
  output: string;
};

/**
 * Runs files in a few processes that load and compile what they share once, which takes half as long as a process for each. A
 * file without a result (it can't be loaded, holds no test, or another one brought the run down) is to be run alone, to be
 * known for what it is.
 */
export const runTogether = async (
  files: readonly string[],
  { limitMs, testLimitMs, workers }: Limits & { workers: number },
  { root, scratch, interrupted, env = {} }: RunEnvironment,
): Promise<Together> => {
  const reportFile = join(scratch, "together.xml");
  const command = bunTest(files, { reportFile, testLimitMs, flags: [`--parallel=${workers}`, "--no-isolate"] });
  const { end, output } = await runProcess(command, { cwd: root, limitMs, outputFile: `${reportFile}.log`, interrupted, env });
  // One that was ended from outside takes its own end for that of a file.
  const isWhole = end.kind === "exit" && existsSync(reportFile);
  const reports = parseJunitByFile(isWhole ? readFileSync(reportFile, "utf8") : "");
  const outputs = outputByFile(output);
  const results = [...reports].map(([file, report]) => ({
    ...report,
    name: file,
    failed: report.failed.map((test) => `${file} > ${test}`),
    skipped: report.skipped.map((test) => `${file} > ${test}`),
    output: outputs.get(file) ?? "",
  }));
  return { results, trouble: describeEnd(end), output };
};

/** `bun test` heads what belongs to a file by a line with its name and a colon. */
const outputByFile = (output: string): ReadonlyMap<string, string> => {
  const [, ...parts] = output.split(/^(\S+\.test\.ts):$/m);
  return new Map(parts.flatMap((file, index) => (index % 2 === 0 ? [[file, `${file}:${parts[index + 1] ?? ""}`] as const] : [])));
};
