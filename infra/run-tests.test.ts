import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const passing = `import { test } from "bun:test"; test("adds", () => {});`;

/** A checkout of its own that holds the runner and these files. */
const checkout = (files: Record<string, string>): { root: string } & Disposable => {
  const root = mkdtempSync(join(tmpdir(), "cartwright-run-"));
  cpSync(join(import.meta.dirname, "run-tests.ts"), join(root, "infra/run-tests.ts"));
  cpSync(join(import.meta.dirname, "test-run"), join(root, "infra/test-run"), {
    recursive: true,
    filter: (path) => !path.includes(".test."),
  });
  const manifest = JSON.stringify({ name: "fixture", scripts: { check: "echo checked" } });
  for (const [path, text] of Object.entries({ "package.json": manifest, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
};

const runTests = async (root: string, ...args: string[]): Promise<{ exitCode: number; output: string; lastLine: string | undefined }> => {
  const child = Bun.spawn([process.execPath, "infra/run-tests.ts", ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const output = await new Response(child.stdout).text();
  return { exitCode: await child.exited, output, lastLine: output.trimEnd().split("\n").at(-1) };
};

test("ends with the sum of the check and of every suite", async () => {
  using fixture = checkout({ "packages/a/x.test.ts": passing, "packages/a/x.int.test.ts": passing, "e2e/y.test.ts": passing });
  expect(await runTests(fixture.root)).toMatchObject({ exitCode: 0, lastLine: "4 passed, 0 failed, 0 skipped" });
});

test("a suite or a part of a path runs alone, without the check", async () => {
  using fixture = checkout({ "packages/a/x.test.ts": passing, "packages/b/x.test.ts": passing, "packages/b/x.int.test.ts": passing });
  expect(await runTests(fixture.root, "unit")).toMatchObject({ lastLine: "2 passed, 0 failed, 0 skipped" });
  expect(await runTests(fixture.root, "unit", "./packages/b")).toMatchObject({ lastLine: "1 passed, 0 failed, 0 skipped" });
  expect(await runTests(fixture.root, "packages/b")).toMatchObject({ lastLine: "2 passed, 0 failed, 0 skipped" });
  expect(await runTests(fixture.root, "packages/c")).toMatchObject({ exitCode: 1, lastLine: "0 passed, 1 failed, 0 skipped" });
});

test("a broken check is one failure, and the tests run all the same", async () => {
  const manifest = JSON.stringify({ name: "fixture", scripts: { check: "echo a type is wrong; exit 1" } });
  using fixture = checkout({ "package.json": manifest, "packages/a/x.test.ts": passing });
  const { exitCode, output, lastLine } = await runTests(fixture.root);
  expect({ exitCode, lastLine }).toEqual({ exitCode: 1, lastLine: "1 passed, 1 failed, 0 skipped" });
  expect(output).toContain("a type is wrong");
});

test("an install that fails ends the run with a count too", async () => {
  const manifest = JSON.stringify({ name: "fixture", dependencies: { absent: "file:./absent" } });
  using fixture = checkout({ "package.json": manifest, "packages/a/x.test.ts": passing });
  expect(await runTests(fixture.root)).toMatchObject({ exitCode: 1, lastLine: "0 passed, 1 failed, 0 skipped" });
});

test("failed and skipped tests are listed by name", async () => {
  const text = `import { expect, test } from "bun:test"; test("two", () => expect(1).toBe(2)); test.skip("not now", () => {});`;
  using fixture = checkout({ "packages/a/x.test.ts": text });
  const { output, lastLine } = await runTests(fixture.root, "unit");
  expect(output).toContain("Failed:\n  packages/a/x.test.ts > two");
  expect(output).toContain("Skipped:\n  packages/a/x.test.ts > not now");
  expect(lastLine).toBe("0 passed, 1 failed, 1 skipped");
});

test("an interrupted run ends its tests and says so", async () => {
  using fixture = checkout({ "packages/a/x.test.ts": `import { test } from "bun:test"; test("hangs", () => { while (true); });` });
  const child = Bun.spawn([process.execPath, "infra/run-tests.ts"], { cwd: fixture.root, stdio: ["ignore", "pipe", "pipe"] });
  const lines = child.stdout.getReader();
  await lines.read();
  child.kill("SIGTERM");
  let rest = "";
  for (let part = await lines.read(); !part.done; part = await lines.read()) rest += new TextDecoder().decode(part.value);
  expect(rest).toContain("interrupted");
  expect(await child.exited).toBe(1);
});
