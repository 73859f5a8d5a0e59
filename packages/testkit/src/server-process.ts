import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { ServerUnavailable } from "./server-unavailable.ts";

/** A server that we started. Its pid is the server's own, no shell's: a signal to it reaches the server. */
export type ServerProcess = {
  readonly pid: number;
  /** Its exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** What it printed last, on one line. */
  lastWords(): string;
  /** As a power cut ends it: SIGKILL. Answers when it has ended; may be called again. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL where that is not enough. Answers when it has ended. */
  stop(): Promise<void>;
};

export type ServerProcessOptions = {
  readonly cwd: string;
  /** Takes what it prints: a file and no pipe, so that it never waits for a busy test to read. */
  readonly logFile: string;
  readonly env?: Record<string, string | undefined>;
  /** Removed when we die; while we live, that is ours to do. */
  readonly discard?: string | undefined;
  readonly stopTimeoutMs?: number;
};

/**
 * Starts a server that never outlives us: when we die, even by `kill -9`, it is killed. It has a session of its own, so
 * that a terminal's Ctrl-C reaches us alone.
 *
 * @throws {ServerUnavailable} when there is no such program.
 */
export const startServerProcess = (command: readonly string[], options: ServerProcessOptions): ServerProcess => {
  const { cwd, env, logFile, discard = "", stopTimeoutMs = 10_000 } = options;
  const log = openSync(logFile, "a");
  const child = spawn("/bin/sh", ["-c", DEATH_WATCH, "sh", discard, ...command], {
    cwd,
    env: env ?? process.env,
    stdio: ["ignore", log, log, "pipe"],
    detached: true,
  });
  closeSync(log);
  const exited = endOf(child);
  // A server does not keep a finished test run alive.
  child.unref();
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  return {
    pid: pidOf(child, command),
    exited,
    kill,
    lastWords: () => lastWordsIn(logFile),
    async stop() {
      child.kill("SIGTERM");
      const late = delay(stopTimeoutMs, true, { ref: false });
      if (await Promise.race([exited.then(() => false), late])) await kill();
    },
  };
};

/**
 * `$1` is what to discard, the rest the command. A subshell reads from a pipe that we hold: a line says that the server
 * has ended and nothing is left to do; the mere end of the pipe, that we have. The shell itself becomes the server.
 */
const DEATH_WATCH = `
discard=$1; shift
{
  read -r _ <&3 || { kill -9 $$; [ -z "$discard" ] || { while kill -0 $$; do sleep 0.1; done; rm -rf "$discard"; }; }
} >/dev/null 2>&1 &
exec "$@" 3<&-
`;

const endOf = (child: ChildProcess): Promise<number | NodeJS.Signals> => {
  const { promise, resolve } = Promise.withResolvers<number | NodeJS.Signals>();
  // No standard input, which is destroyed before we hear of the end.
  const watch = child.stdio[3] as Socket;
  watch.on("error", () => {});
  watch.unref();
  child.on("error", () => resolve(-1));
  child.on("exit", (code, signal) => {
    // Before the pipe closes: by then its pid may be another's.
    watch.end("ended\n");
    resolve(signal ?? code ?? -1);
  });
  return promise;
};

const lastWordsIn = (logFile: string): string => {
  if (!existsSync(logFile)) return "";
  return readFileSync(logFile, "utf8").trim().split("\n").slice(-3).join(" ").replaceAll(/\s+/g, " ").slice(0, 500);
};

const pidOf = ({ pid }: ChildProcess, [program]: readonly string[]): number => {
  if (pid === undefined) throw new ServerUnavailable(`cannot start ${program}`);
  return pid;
};
