import { availableParallelism } from "node:os";

export type SuiteName = "unit" | "int" | "faults" | "e2e";

export type Suite = {
  name: SuiteName;
  /** Files that run at once. */
  concurrency: number;
  /** Its files share processes; otherwise each has one of its own. */
  isTogether: boolean;
  /** Of a test that sets no limit of its own. A machine that does much else at once may take long to start a server. */
  testLimitMs: number;
  fileLimitMs: number;
  limitMs: number;
};

const minutes = 60_000;

/** In the order in which they run: what answers soonest comes first. */
export const suites: readonly Suite[] = [
  // More than there are cores: many tests wait for a time-out.
  {
    name: "unit",
    isTogether: true,
    concurrency: 2 * availableParallelism(),
    testLimitMs: 10_000,
    fileLimitMs: minutes,
    limitMs: 5 * minutes,
  },
  {
    name: "int",
    isTogether: false,
    concurrency: Math.min(2, availableParallelism()),
    testLimitMs: minutes,
    fileLimitMs: 5 * minutes,
    limitMs: 20 * minutes,
  },
  // Not more: what kills servers waits for their time-outs, which a busy machine makes longer, and three brokers need 1.2 GB.
  {
    name: "faults",
    isTogether: false,
    concurrency: Math.min(2, availableParallelism()),
    testLimitMs: 2 * minutes,
    fileLimitMs: 10 * minutes,
    limitMs: 20 * minutes,
  },
  {
    name: "e2e",
    isTogether: false,
    concurrency: Math.min(2, availableParallelism()),
    testLimitMs: minutes,
    fileLimitMs: 10 * minutes,
    limitMs: 30 * minutes,
  },
];

/** Workspaces whose code runs anywhere; their tests pass under vitest itself too. */
export const portableWorkspaces = ["packages/contracts", "packages/decider", "packages/cart-domain", "packages/client"];

/** The suite of a test file is in its name and place, so that a new file can't be forgotten. */
export const suiteOf = (file: string): SuiteName => {
  if (file.startsWith("e2e/")) return "e2e";
  if (file.endsWith(".faults.test.ts")) return "faults";
  return file.endsWith(".int.test.ts") ? "int" : "unit";
};

/** Tests that drive a browser are Playwright's to run, and named so that `bun test` does not take them for its own. */
export const isForBrowser = (file: string): boolean => file.endsWith(".e2e.ts");

/** Test files of the checkout, relative to its root, in order of their names. */
export const findTestFiles = (root: string): readonly string[] => {
  const globs = ["{apps,packages,e2e,infra}/**/*.test.ts", "e2e/browser/**/*.e2e.ts"];
  const found = globs.flatMap((glob) => [...new Bun.Glob(glob).scanSync({ cwd: root })]);
  return found.filter((file) => !file.includes("node_modules/")).sort();
};
