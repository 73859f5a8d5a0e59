import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Counts } from "./counts.ts";
import { parseJunit } from "./junit.ts";
import { describeEnd, runProcess } from "./run-process.ts";
import type { Suite } from "./suites.ts";

/** What one test file, or one check, came to. */
export type Result = {
  name: string;
  passed: number;
  failed: readonly string[];
  skipped: readonly string[];
  /** What the run printed. */
  output: string;
  durationMs: number;
};

export type RunEnvironment = {
  root: string;
  /** A directory for reports and output, which the caller removes. */
  scratch: string;
  interrupted: AbortSignal;
  onResult: (result: Result) => void;
};

/** Runs each file in a process of its own, so that one that crashes or hangs takes no other with it. */
export const runSuite = async (suite: Suite, files: readonly string[], environment: RunEnvironment): Promise<readonly Result[]> => {
  const deadline = performance.now() + suite.limitMs;
  const queue = [...files];
  const results: Result[] = [];
  const worker = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !environment.interrupted.aborted; file = queue.shift()) {
      const limitMs = Math.min(suite.fileLimitMs, deadline - performance.now());
      const result = limitMs > 0 ? await runFile(file, { limitMs, testLimitMs: suite.testLimitMs }, environment) : notRun(file, suite);
      results.push(result);
      environment.onResult(result);
    }
  };
  await Promise.all(Array.from({ length: suite.concurrency }, worker));
  return results;
};

export const countsOf = ({ passed, failed, skipped }: Result): Counts => ({ passed, failed: failed.length, skipped: skipped.length });

type Limits = { limitMs: number; testLimitMs: number };

/** Bun reports neither a file that can't be loaded nor an error between tests: the exit code says that there was one. */
const runFile = async (file: string, { limitMs, testLimitMs }: Limits, { root, scratch, interrupted }: RunEnvironment): Promise<Result> => {
  const startedAt = performance.now();
  const reportFile = join(scratch, `${file.replaceAll("/", "+")}.xml`);
  const command = [
    process.execPath,
    "test",
    "--reporter=junit",
    `--reporter-outfile=${reportFile}`,
    `--timeout=${testLimitMs}`,
    `./${file}`,
  ];
  const { end, output } = await runProcess(command, { cwd: root, limitMs, outputFile: `${reportFile}.log`, interrupted });
  const report = existsSync(reportFile) ? parseJunit(readFileSync(reportFile, "utf8")) : { passed: 0, failed: [], skipped: [] };
  const failed = report.failed.map((name) => `${file} > ${name}`);
  const trouble = describeEnd(end);
  if (trouble !== undefined && failed.length === 0) failed.push(`${file} (${trouble})`);
  if (trouble === undefined && report.passed + report.skipped.length === 0) failed.push(`${file} (holds no test)`);
  return {
    name: file,
    passed: report.passed,
    failed,
    skipped: report.skipped.map((name) => `${file} > ${name}`),
    output,
    durationMs: performance.now() - startedAt,
  };
};

const notRun = (file: string, suite: Suite): Result => ({
  name: file,
  passed: 0,
  failed: [`${file} (not run: the suite ${suite.name} took longer than ${suite.limitMs / 1000} s)`],
  skipped: [],
  output: "",
  durationMs: 0,
});
