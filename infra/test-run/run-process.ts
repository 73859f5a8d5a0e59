import { closeSync, openSync, readFileSync } from "node:fs";
import { killGroup } from "./kill-group.ts";

export type ProcessEnd =
  | { kind: "exit"; code: number }
  | { kind: "signal"; signal: string }
  | { kind: "timeLimit" }
  | { kind: "interrupted" };

export type ProcessOptions = {
  cwd: string;
  limitMs: number;
  /** Takes stdout and stderr in the order they were written. A file and no pipe: a process left behind can't hold it open. */
  outputFile: string;
  interrupted: AbortSignal;
  /** Beside the variables that this process has. */
  env?: Record<string, string>;
};

/** Runs a command in a process group of its own; whatever is left of the group when it ends is killed. */
export const runProcess = async (command: readonly string[], options: ProcessOptions): Promise<{ end: ProcessEnd; output: string }> => {
  const output = openSync(options.outputFile, "w");
  const child = Bun.spawn([...command], {
    cwd: options.cwd,
    env: { ...Bun.env, ...colour, ...options.env },
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  const end = await Promise.race([exitOf(child), limitOf(options)]);
  killGroup(child.pid);
  await child.exited;
  return { end, output: readFileSync(options.outputFile, "utf8") };
};

/** The child writes to a file and can't see whether a terminal shows it in the end. */
const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1", FORCE_COLOR: undefined };

/** Undefined when all is well. */
export const describeEnd = (end: ProcessEnd): string | undefined => {
  switch (end.kind) {
    case "exit":
      return end.code === 0 ? undefined : `exit code ${end.code}`;
    case "signal":
      return `ended by ${end.signal}`;
    case "timeLimit":
      return "over its time limit";
    case "interrupted":
      return "interrupted";
  }
};

const exitOf = async (child: Bun.Subprocess): Promise<ProcessEnd> => {
  const code = await child.exited;
  return child.signalCode === null ? { kind: "exit", code } : { kind: "signal", signal: String(child.signalCode) };
};

const limitOf = ({ limitMs, interrupted }: ProcessOptions): Promise<ProcessEnd> =>
  new Promise((resolve) => {
    if (interrupted.aborted) resolve({ kind: "interrupted" });
    interrupted.addEventListener("abort", () => resolve({ kind: "interrupted" }), { once: true });
    setTimeout(() => resolve({ kind: "timeLimit" }), Math.max(0, limitMs)).unref();
  });
