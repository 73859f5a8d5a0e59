import { type ChildProcess, spawn } from "node:child_process";
import { runningProcesses } from "@cartwright/service-kit/node/process-table";
import { until } from "./until.ts";

export type TrackedProcess = AsyncDisposable & {
  readonly pid: number;
  /** All that it and its children have printed, standard output and error together. */
  output(): string;
  /** Waits for a line that matches, printed before or after the call, and answers it. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Its exit code, or the name of the signal that ended it. What it printed last may still be on its way. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Signals it and all in its process group, as a terminal does on Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void;
};

export type SpawnOptions = {
  readonly cwd: string;
  /** The whole environment; the test's own, unless given. */
  readonly env?: Record<string, string | undefined>;
  readonly uid?: number;
  readonly gid?: number;
};

/**
 * Starts a program in a process group of its own. Disposing kills it and every process below it, by their pids, and
 * waits until it has ended.
 */
export const spawnTracked = ([program = "", ...args]: readonly string[], options: SpawnOptions): TrackedProcess => {
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { promise: exited, resolve } = Promise.withResolvers<number | NodeJS.Signals>();
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.on("error", (error) => {
    output += `${error.message}\n`;
    resolve(-1);
  });
  child.on("exit", (code, signal) => resolve(signal ?? code ?? -1));
  const pid = pidOf(child);
  /** Its pid is another process's sooner or later, on a machine that counts to 32,768. */
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid,
    exited,
    output: () => output,
    line: (pattern, timeoutMs = 30_000) => awaitLine({ pattern, timeoutMs, read: () => output }),
    signalGroup: (signal) => signalIfAlive(-pid, signal),
    async [Symbol.asyncDispose]() {
      if (!isGone()) for (const victim of [...descendants(pid), pid]) signalIfAlive(victim, "SIGKILL");
      await exited;
    },
  };
};

/** The processes below this one, the nearest first. */
export const descendants = (pid: number): readonly number[] => {
  const all = runningProcesses();
  const found = [pid];
  for (const parent of found) found.push(...all.filter((process) => process.parent === parent).map((process) => process.pid));
  return found.slice(1);
};

export const signalIfAlive = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {}
};

/** A program that could not be started has no pid, and no signal may go to what stands in for it. */
const pidOf = ({ pid, spawnfile }: ChildProcess): number => {
  if (pid === undefined) throw new Error(`cannot start ${spawnfile}`);
  return pid;
};

const awaitLine = async ({ pattern, timeoutMs, read }: { pattern: RegExp; timeoutMs: number; read: () => string }): Promise<string> => {
  const find = () =>
    read()
      .split("\n")
      .find((line) => pattern.test(line));
  try {
    return await until(find, { timeoutMs, what: `a line like ${pattern}` });
  } catch (cause) {
    throw new Error(`no line like ${pattern} in ${timeoutMs} ms, but:\n${read()}`, { cause });
  }
};
