import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { afterAll, expect, test } from "vitest";
import { InstanceLockError, instanceHolder, takeInstanceLock } from "./instance-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "cartwright-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
const freshPath = () => {
  count += 1;
  return join(folder, `lock-${count}`);
};

/** Another process that takes the lock, says how that went, and holds it until it is killed. */
const taker = (path: string) => {
  const module = join(import.meta.dirname, "instance-lock.ts");
  const script = `const { takeInstanceLock } = await import(${JSON.stringify(module)});
    globalThis.lock = takeInstanceLock(${JSON.stringify(path)});
    console.log(lock ? "taken" : "refused");
    setInterval(() => {}, 1_000);`;
  return spawnTracked([process.execPath, "-e", script], { cwd: folder });
};

test("a lock that one holds is refused to another, until it is released", () => {
  const path = freshPath();
  const first = takeInstanceLock(path);
  expect(takeInstanceLock(path)).toBeUndefined();
  first?.release();
  using again = takeInstanceLock(path);
  expect(again).toBeDefined();
});

test("who is refused can say who holds it", async () => {
  const path = freshPath();
  await using holder = taker(path);
  await holder.line(/taken/);
  expect(takeInstanceLock(path)).toBeUndefined();
  expect(instanceHolder(path)).toBe(holder.pid);
});

test("kill -9 of the holder leaves the lock free", async () => {
  const path = freshPath();
  await using holder = taker(path);
  await holder.line(/taken/);
  process.kill(holder.pid, "SIGKILL");
  await holder.exited;
  using lock = takeInstanceLock(path);
  expect(lock).toBeDefined();
});

test("of many that start after a kill -9, one gets it", async () => {
  const path = freshPath();
  await using killed = taker(path);
  await killed.line(/taken/);
  process.kill(killed.pid, "SIGKILL");

  await using stack = new AsyncDisposableStack();
  const starters = Array.from({ length: 6 }, () => stack.use(taker(path)));
  const said = await Promise.all(starters.map((starter) => starter.line(/taken|refused/)));
  expect(said.sort()).toEqual(["refused", "refused", "refused", "refused", "refused", "taken"]);
});

test("a path is not too long for it, as it would be for a socket", () => {
  const deep = join(folder, "d".repeat(100), "e".repeat(100));
  mkdirSync(deep, { recursive: true });
  using lock = takeInstanceLock(join(deep, "lock"));
  expect(lock).toBeDefined();
});

test("a folder that cannot be written is an error and not a refusal", () => {
  expect(() => takeInstanceLock(join(folder, "absent/lock"))).toThrow(InstanceLockError);
});
