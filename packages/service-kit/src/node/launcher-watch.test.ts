import { describe, expect, test } from "vitest";
import { launchers } from "./launcher-watch.ts";
import type { ProcessEntry } from "./process-table.ts";

const entry = (pid: number, parent: number, ...command: readonly string[]): ProcessEntry => ({ pid, parent, startedAt: pid, command });

const us = entry(50, 40, "bun", "apps/all-in-one/src/main.ts");
const bunRun = entry(40, 30, "bun", "start", "--reset");
const npmShell = entry(30, 20, "sh", "-c", "'bun' start --reset");
const npx = entry(20, 10, "npm exec bun@1.4.4 start --reset");
const terminal = entry(10, 1, "-bash");
const init = entry(1, 0, "/sbin/init");

const found = (processes: readonly ProcessEntry[], options: { script?: string | undefined; executable?: string } = {}) => {
  const read = (pid: number) => processes.find((process) => process.pid === pid);
  return launchers({ self: us.pid, read, script: "start", executable: "/usr/local/bin/bun", ...options });
};

describe("started by npx", () => {
  const byNpx = { executable: "/home/a/.npm/_npx/9ec1/node_modules/bun/bin/bun.exe" };

  test("everything up to npx is watched, and the terminal is not", () => {
    expect(found([us, bunRun, npmShell, npx, terminal, init], byNpx)).toEqual([bunRun, npmShell, npx]);
  });

  test("a shell that replaces itself leaves no gap", () => {
    const directly = { ...bunRun, parent: npx.pid };
    expect(found([us, directly, npx, terminal, init], byNpx)).toEqual([directly, npx]);
  });

  test("npx that is named by its file is known", () => {
    const byFile = entry(20, 10, "node", "/usr/bin/npx", "bun", "start");
    expect(found([us, bunRun, npmShell, byFile, terminal, init], byNpx)).toEqual([bunRun, npmShell, byFile]);
  });

  test("npx that ended while it was still installing is missed", () => {
    expect(found([us, { ...bunRun, parent: 1 }, init], byNpx)).toBe("gone");
    expect(found([us, bunRun, { ...npmShell, parent: 1 }, init], byNpx)).toBe("gone");
    const session = entry(5, 1, "/usr/lib/systemd/systemd", "--user");
    expect(found([us, { ...bunRun, parent: session.pid }, session, init], byNpx)).toBe("gone");
  });

  test("a Bun of its cache that somebody else starts is no npx that ended", () => {
    expect(found([us, { ...bunRun, parent: terminal.pid }, terminal, init], byNpx)).toEqual([{ ...bunRun, parent: terminal.pid }]);
    const program = entry(30, 10, "python3", "supervise.py");
    expect(found([us, bunRun, program, terminal, init], byNpx)).toEqual([bunRun]);
    const script = entry(30, 10, "sh", "-c", "bun start");
    expect(found([us, bunRun, script, terminal, init], byNpx)).toEqual([bunRun]);
  });
});

describe("started by bun run", () => {
  test("it alone is watched: the script above may end", () => {
    const script = entry(30, 1, "bash", "./start-in-background.sh");
    expect(found([us, bunRun, script, init])).toEqual([bunRun]);
    const orphaned = { ...bunRun, parent: 1 };
    expect(found([us, orphaned, init])).toEqual([orphaned]);
  });

  test("a shell's one-liner is no npm", () => {
    const oneLiner = entry(30, 10, "sh", "-c", "nohup bun start &");
    expect(found([us, bunRun, oneLiner, terminal, init])).toEqual([bunRun]);
  });

  test("one that ended before we looked is missed", () => {
    expect(found([{ ...us, parent: 1 }, init])).toBe("gone");
  });
});

describe("started by itself", () => {
  test("nothing is watched", () => {
    expect(found([{ ...us, parent: 10 }, terminal, init], { script: undefined })).toEqual([]);
    expect(found([{ ...us, parent: 1 }, init], { script: undefined })).toEqual([]);
  });

  test("a program on Bun that starts us is no launcher", () => {
    const supervisor = entry(40, 10, "bun", "supervisor.ts");
    expect(found([us, supervisor, terminal, init])).toEqual([]);
  });

  test("without a process table nothing is watched", () => {
    expect(found([])).toEqual([]);
  });
});
