/**
 * `bun infra/run-tests.ts [unit | int | faults | e2e] [part of a path …]`
 *
 * Installs, checks types and lint, runs the test files and ends, whatever happens, with the one line
 * `N passed, N failed, N skipped` and an exit code that says the same. It runs before anything is installed, so it
 * imports nothing but Bun.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { countLine, noCounts, sumCounts } from "./test-run/counts.ts";
import { countsOf, type Result, type RunEnvironment } from "./test-run/result.ts";
import { runBrowser } from "./test-run/run-browser.ts";
import { runCheck, runVitest } from "./test-run/run-check.ts";
import { runSuite } from "./test-run/run-suite.ts";
import { shareServers } from "./test-run/shared-servers.ts";
import { findTestFiles, isForBrowser, portableWorkspaces, type SuiteName, suiteOf, suites } from "./test-run/suites.ts";

const root = resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "cartwright-tests-"));
const interruption = new AbortController();
const results: Result[] = [];

const main = async (args: readonly string[]): Promise<void> => {
  const suiteName = suites.find(({ name }) => name === args[0])?.name;
  const filters = args.slice(suiteName === undefined ? 0 : 1).map((filter) => filter.replace(/^\.\//, ""));
  await using servers = shareServers();
  const env = { TEST_SHARED_SERVERS_URL: servers.url };
  const environment: RunEnvironment = { root, scratch, interrupted: interruption.signal, env, onResult: report };
  const install = await runCheck("bun install", [process.execPath, "install", "--frozen-lockfile"], environment);
  if (install.failed.length > 0) return report(install);

  const whole = suiteName === undefined && filters.length === 0;
  if (whole) report(await runCheck("types and lint", [process.execPath, "run", "check"], environment));
  await runFiles(suiteName, filters, environment);
};

const runFiles = async (only: SuiteName | undefined, filters: readonly string[], environment: RunEnvironment): Promise<void> => {
  const matches = (file: string): boolean => filters.length === 0 || filters.some((filter) => file.includes(filter));
  const files = findTestFiles(root).filter((file) => matches(file) && (only === undefined || suiteOf(file) === only));
  if (files.length === 0) return report(failure(`no test file matches: ${[only ?? "all", ...filters].join(" ")}`));
  for (const suite of suites) {
    const own = files.filter((file) => suiteOf(file) === suite.name);
    await runSuite(
      suite,
      own.filter((file) => !isForBrowser(file)),
      environment,
    );
    const inBrowser = own.filter(isForBrowser);
    if (inBrowser.length > 0 && !environment.interrupted.aborted) report(await runBrowser(inBrowser, environment));
    if (environment.interrupted.aborted) return report(failure("interrupted"));
    const portable = portableWorkspaces.filter((workspace) => own.some((file) => file.startsWith(`${workspace}/`)));
    if (only === undefined && suite.name === "unit" && portable.length > 0) await runPortable(portable, environment);
  }
};

const runPortable = async (workspaces: readonly string[], environment: RunEnvironment): Promise<void> => {
  const result = await runVitest(workspaces, environment);
  report(result);
  console.log(`  under vitest: ${result.note}`);
};

const report = (result: Result): void => {
  results.push(result);
  const { passed, failed, skipped } = countsOf(result);
  if (failed > 0 && result.output !== "") console.log(`\n${result.output.trim()}\n`);
  const words = [`${passed} passed`, failed > 0 ? `${failed} FAILED` : "", skipped > 0 ? `${skipped} skipped` : ""];
  console.log(`${result.name}: ${words.filter((word) => word !== "").join(", ")} (${Math.round(result.durationMs)} ms)`);
};

const failure = (name: string): Result => ({ name, passed: 0, failed: [name], skipped: [], output: "", durationMs: 0 });

const summarize = (): void => {
  const list = (title: string, names: readonly string[]): void => {
    if (names.length > 0) console.log(`\n${title}:\n${names.map((name) => `  ${name}`).join("\n")}`);
  };
  list(
    "Skipped",
    results.flatMap(({ skipped }) => skipped),
  );
  list(
    "Failed",
    results.flatMap(({ failed }) => failed),
  );
  const counts = sumCounts([noCounts, ...results.map(countsOf)]);
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  console.log(`\n${countLine(counts)}`);
};

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interruption.abort());
try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error);
  results.push(failure("the test runner itself"));
} finally {
  if (existsSync(scratch)) rmSync(scratch, { recursive: true });
  summarize();
  // Whatever a failure left running, the run ends here.
  process.exit();
}
