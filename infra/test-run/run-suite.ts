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
  /** Variables that every test process gets beside those of this process. */
  env?: Record<string, string>;
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

/** A run of tests that writes a JUnit report. */
export type ReportedRun = {
  name: string;
  command: readonly string[];
  reportFile: string;
  limitMs: number;
  env?: Record<string, string>;
};

/** Bun reports neither a file that can't be loaded nor an error between tests: the exit code says that there was one. */
export const runReported = async (run: ReportedRun, { root, interrupted, env }: RunEnvironment): Promise<Result> => {
  const { name, command, reportFile, limitMs } = run;
  const startedAt = performance.now();
  const { end, output } = await runProcess(command, {
    cwd: root,
    limitMs,
    outputFile: `${reportFile}.log`,
    interrupted,
    env: { ...env, ...run.env },
  });
  const { passed, failed, skipped } = existsSync(reportFile)
    ? parseJunit(readFileSync(reportFile, "utf8"))
    : { passed: 0, failed: [], skipped: [] };
  const trouble = describeEnd(end);
  const ownFault = failed.length > 0 ? undefined : (trouble ?? (passed + skipped.length === 0 ? "holds no test" : undefined));
  return {
    name,
    passed,
    failed: ownFault === undefined ? failed.map((test) => `${name} > ${test}`) : [`${name} (${ownFault})`],
    skipped: skipped.map((test) => `${name} > ${test}`),
    output,
    durationMs: performance.now() - startedAt,
  };
};

type Limits = { limitMs: number; testLimitMs: number };

const runFile = (file: string, { limitMs, testLimitMs }: Limits, environment: RunEnvironment): Promise<Result> => {
  const reportFile = join(environment.scratch, `${file.replaceAll("/", "+")}.xml`);
  const reporting = ["--reporter=junit", `--reporter-outfile=${reportFile}`];
  const command = [process.execPath, "test", ...reporting, `--timeout=${testLimitMs}`, `./${file}`];
  return runReported({ name: file, command, reportFile, limitMs }, environment);
};

const notRun = (file: string, suite: Suite): Result => ({
  name: file,
  passed: 0,
  failed: [`${file} (not run: the suite ${suite.name} took longer than ${suite.limitMs / 1000} s)`],
  skipped: [],
  output: "",
  durationMs: 0,
});
