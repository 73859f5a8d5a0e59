import { readProcess } from "@cartwright/service-kit/node/process-table";
import { expect, test } from "vitest";
import { descendants, spawnTracked } from "./spawn-tracked.ts";
import { until } from "./until.ts";

const cwd = import.meta.dirname;

test("a line is found, whether it was printed before or after the question", async () => {
  await using child = spawnTracked(["sh", "-c", "echo early; echo late >&2"], { cwd });
  expect(await child.line(/^late/)).toBe("late");
  expect(await child.line(/^early/)).toBe("early");
  expect(await child.exited).toBe(0);
});

test("a line that never comes fails with what came instead", async () => {
  await using child = spawnTracked(["sh", "-c", "echo other"], { cwd });
  await child.exited;
  await expect(child.line(/expected/, 20)).rejects.toThrow("other");
});

test("its children end with it", async () => {
  let below: readonly number[];
  {
    await using child = spawnTracked(["sh", "-c", "sleep 60 & sleep 60"], { cwd });
    below = await until(() => {
      const found = descendants(child.pid);
      return found.length === 2 && found;
    });
  }
  await until(() => below.every((pid) => !readProcess(pid)));
});

test("Ctrl-C reaches the whole group", async () => {
  await using child = spawnTracked(["sh", "-c", "trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.02; done"], { cwd });
  await child.line(/ready/);
  child.signalGroup("SIGINT");
  expect(await child.exited).toBe(3);
  await child.line(/caught/);
});

test("a program that does not exist fails at once", () => {
  expect(() => spawnTracked(["/nonexistent"], { cwd })).toThrow("cannot start /nonexistent");
});
