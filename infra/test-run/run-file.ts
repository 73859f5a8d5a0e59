import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJunit } from "./junit.ts";
import type { Result, RunEnvironment } from "./result.ts";
import { describeEnd, runProcess } from "./run-process.ts";

export type Limits = { limitMs: number; testLimitMs: number };

/** Runs a test file in a process of its own, so that one that crashes or hangs takes no other with it. */
export const runFile = (file: string, { limitMs, testLimitMs }: Limits, environment: RunEnvironment): Promise<Result> => {
  const reportFile = join(environment.scratch, `${file.replaceAll("/", "+")}.xml`);
  return runReported({ name: file, command: bunTest([file], { reportFile, testLimitMs }), reportFile, limitMs }, environment);
};

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
  const { passed, failed, skipped } = parseJunit(existsSync(reportFile) ? readFileSync(reportFile, "utf8") : "");
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

type BunTestOptions = { reportFile: string; testLimitMs: number; flags?: readonly string[] };

export const bunTest = (files: readonly string[], { reportFile, testLimitMs, flags = [] }: BunTestOptions): readonly string[] => [
  ...[process.execPath, "test", "--reporter=junit", `--reporter-outfile=${reportFile}`, `--timeout=${testLimitMs}`, ...flags],
  ...files.map((file) => `./${file}`),
];
