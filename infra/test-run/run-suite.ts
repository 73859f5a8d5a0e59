import type { Result, RunEnvironment } from "./result.ts";
import { runFile } from "./run-file.ts";
import { runTogether } from "./run-together.ts";
import type { Suite } from "./suites.ts";

/** Runs each file in a process of its own, or in one of a few where the suite's tests do without. */
export const runSuite = async (suite: Suite, files: readonly string[], environment: RunEnvironment): Promise<readonly Result[]> => {
  const deadline = performance.now() + suite.limitMs;
  const results: Result[] = [];
  const report = (result: Result): void => {
    results.push(result);
    environment.onResult(result);
  };
  const limits = () => ({ limitMs: Math.min(suite.fileLimitMs, deadline - performance.now()), testLimitMs: suite.testLimitMs });

  const isTogether = suite.isTogether && files.length > 1;
  const together = isTogether ? await runTogether(files, { ...limits(), workers: suite.concurrency }, environment) : undefined;
  for (const result of together?.results ?? []) report(result);

  const ended = new Set(results.map(({ name }) => name));
  const queue = files.filter((file) => !ended.has(file));
  const worker = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !environment.interrupted.aborted; file = queue.shift()) {
      const { limitMs, testLimitMs } = limits();
      report(limitMs > 0 ? await runFile(file, { limitMs, testLimitMs }, environment) : notRun(file, suite));
    }
  };
  await Promise.all(Array.from({ length: suite.concurrency }, worker));

  if (together?.trouble !== undefined && results.every(({ failed }) => failed.length === 0)) {
    const name = `the suite ${suite.name} in shared processes`;
    report({ name, passed: 0, failed: [`${name} (${together.trouble})`], skipped: [], output: together.output, durationMs: 0 });
  }
  return results;
};

const notRun = (file: string, suite: Suite): Result => ({
  name: file,
  passed: 0,
  failed: [`${file} (not run: the suite ${suite.name} took longer than ${suite.limitMs / 1000} s)`],
  skipped: [],
  output: "",
  durationMs: 0,
});
