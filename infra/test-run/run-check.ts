import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJunit } from "./junit.ts";
import type { Result, RunEnvironment } from "./result.ts";
import { describeEnd, runProcess } from "./run-process.ts";

const limitMs = 5 * 60_000;

/** A command that passes or fails as a whole and counts as one test. */
export const runCheck = async (name: string, command: readonly string[], environment: RunEnvironment): Promise<Result> => {
  const startedAt = performance.now();
  const outputFile = join(environment.scratch, `${name.replaceAll(/\W+/g, "-")}.log`);
  const { end, output } = await runProcess(command, { cwd: environment.root, limitMs, outputFile, interrupted: environment.interrupted });
  const trouble = describeEnd(end);
  return {
    name,
    passed: trouble === undefined ? 1 : 0,
    failed: trouble === undefined ? [] : [`${name} (${trouble})`],
    skipped: [],
    output,
    durationMs: performance.now() - startedAt,
  };
};

/**
 * The tests of portable workspaces once more, under vitest on Bun. They are the same tests, so together they count as
 * one; `note` says how many they were.
 */
export const runVitest = async (workspaces: readonly string[], environment: RunEnvironment): Promise<Result & { note: string }> => {
  const reportFile = join(environment.scratch, "vitest.xml");
  // Vitest 5's default pool crashes on Bun 1.4 (oven-sh/bun#33593).
  const command = [
    ...[process.execPath, "x", "--bun", "--no-install", "vitest", "run", "--pool=threads", "--exclude=**/*.int.test.ts"],
    ...["--reporter=default", "--reporter=junit", `--outputFile.junit=${reportFile}`],
    ...workspaces.map((workspace) => `${workspace}/`),
  ];
  const result = await runCheck(`the tests of ${workspaces.join(", ")} under vitest`, command, environment);
  const report = existsSync(reportFile) ? parseJunit(readFileSync(reportFile, "utf8")) : { passed: 0, failed: [], skipped: [] };
  const note = `${report.passed} passed, ${report.failed.length} failed, ${report.skipped.length} skipped`;
  return { ...result, note };
};
