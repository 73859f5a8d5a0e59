import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Result } from "./result.ts";
import { runSuite } from "./run-suite.ts";
import type { Suite } from "./suites.ts";

const root = mkdtempSync(join(tmpdir(), "cartwright-suite-"));
afterAll(() => rmSync(root, { recursive: true }));

const run = async (files: Record<string, string>, suite: Partial<Suite> = {}): Promise<readonly Result[]> => {
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), `import { test } from "bun:test";\n${text}`);
  const environment = { root, scratch: root, interrupted: new AbortController().signal, onResult: () => {} };
  return runSuite(
    { name: "unit", concurrency: 2, isTogether: false, testLimitMs: 10_000, fileLimitMs: 10_000, limitMs: 10_000, ...suite },
    Object.keys(files),
    environment,
  );
};

test.each([
  ["a process that exits", `test("x", () => process.exit(3));`, "crash.test.ts (exit code 3)"],
  ["a process that exits as if all were well", `test("x", () => process.exit(0));`, "crash.test.ts (holds no test)"],
  [
    "a process that a signal ends",
    `test("x", () => { process.kill(process.pid, "SIGSEGV"); while (true); });`,
    "crash.test.ts (ended by SIGSEGV)",
  ],
  ["a file that can't be loaded", `throw new Error("broken");`, "crash.test.ts (exit code 1)"],
  ["a file without a test", "", "crash.test.ts (holds no test)"],
])("%s is one failure, and its neighbour runs", async (_name, text, failed) => {
  const results = await run({ "crash.test.ts": text, "next.test.ts": `test("runs", () => {});` });
  expect(results.find(({ name }) => name === "crash.test.ts")).toMatchObject({ passed: 0, failed: [failed] });
  expect(results.find(({ name }) => name === "next.test.ts")).toMatchObject({ passed: 1, failed: [] });
});

test("a test that sets no limit of its own has that of its suite", async () => {
  const files = { "slow.test.ts": `test("x", () => new Promise(() => {}));` };
  expect(await run(files, { testLimitMs: 50 })).toMatchObject([{ failed: ["slow.test.ts > x"] }]);
});

test("a file that hangs is ended at its limit, and its neighbour runs", async () => {
  const files = { "hang.test.ts": `test("x", () => { while (true); });`, "next.test.ts": `test("runs", () => {});` };
  const results = await run(files, { concurrency: 1, fileLimitMs: 300 });
  expect(results.map(({ passed, failed }) => ({ passed, failed }))).toEqual([
    { passed: 0, failed: ["hang.test.ts (over its time limit)"] },
    { passed: 1, failed: [] },
  ]);
});

test("files that a suite's limit leaves no time for are failures", async () => {
  const files = { "hang.test.ts": `test("x", () => { while (true); });`, "next.test.ts": `test("runs", () => {});` };
  const results = await run(files, { concurrency: 1, limitMs: 200 });
  expect(results.flatMap(({ failed }) => failed)).toEqual([
    "hang.test.ts (over its time limit)",
    "next.test.ts (not run: the suite unit took longer than 0.2 s)",
  ]);
});

test("a process that a test leaves behind does not keep the run waiting", async () => {
  const results = await run({
    "leak.test.ts": `test("x", () => { Bun.spawn(["sleep", "600"], { stdio: ["ignore", "inherit", "inherit"] }).unref(); });`,
  });
  expect(results).toMatchObject([{ passed: 1, failed: [] }]);
});

describe("files that share processes", () => {
  const runTogether = (files: Record<string, string>, suite: Partial<Suite> = {}) => run(files, { isTogether: true, ...suite });
  const next = { "next.test.ts": `test("runs", () => {});` };

  test("are a result each, with what they printed", async () => {
    const results = await runTogether({ "two.test.ts": `test("x", () => { throw new Error("so"); }); test.skip("y", () => {});`, ...next });
    expect(results).toContainEqual(expect.objectContaining({ name: "next.test.ts", passed: 1, failed: [] }));
    const two = results.find(({ name }) => name === "two.test.ts");
    expect(two).toMatchObject({ passed: 0, failed: ["two.test.ts > x"], skipped: ["two.test.ts > y"] });
    expect(two?.output).toContain("error: so");
    expect(two?.output).not.toContain("runs");
  });

  test.each([
    ["one that exits", `test("x", () => process.exit(0));`, "one.test.ts > (worker crashed)"],
    ["one that can't be loaded", `throw new Error("broken");`, "one.test.ts (exit code 1)"],
    ["one without a test", "", "one.test.ts (holds no test)"],
    ["one that crashes Bun", `test("x", () => { process.kill(process.pid, "SIGSEGV"); while (true); });`, "one.test.ts > (worker crashed)"],
  ])("%s is one failure, and its neighbour runs", async (_name, text, failed) => {
    const results = await runTogether({ "one.test.ts": text, ...next });
    expect(results.flatMap((result) => result.failed)).toEqual([failed]);
    expect(results).toContainEqual(expect.objectContaining({ name: "next.test.ts", passed: 1 }));
  });

  test("one that hangs is ended at its limit, and its neighbour runs", async () => {
    const results = await runTogether({ "one.test.ts": `test("x", () => { while (true); });`, ...next }, { fileLimitMs: 1_000 });
    expect(results.flatMap((result) => result.failed)).toEqual(["one.test.ts (over its time limit)"]);
    expect(results).toContainEqual(expect.objectContaining({ name: "next.test.ts", passed: 1 }));
  });

  test("an error that belongs to no test is a failure all the same", async () => {
    const outside = `import { describe } from "bun:test"; test("x", () => {}); describe("y", () => { throw new Error("outside"); });`;
    const results = await runTogether({ "outside.test.ts": outside, ...next });
    expect(results.flatMap(({ failed }) => failed)).toEqual(["the suite unit in shared processes (exit code 1)"]);
  });
});
