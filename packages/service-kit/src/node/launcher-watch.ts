import { basename } from "node:path";
import { type ProcessEntry, readProcess } from "./process-table.ts";

export type LauncherWatchOptions = {
  /** Called once, when a launcher has ended and we have not; at once, if it is `missed` already. */
  readonly onGone: (missed: boolean) => void;
  /** The script that `bun run` started us for, as it tells its children in `npm_lifecycle_event`. */
  readonly script: string | undefined;
  readonly intervalMs?: number;
};

/**
 * Watches the processes that launched us: `npx`, its shell and `bun run` when we were started by `npx bun start`, else
 * `bun run` alone. A signal to any of them is meant for us, but none passes it on: npm and its shell just die.
 *
 * Whatever launched these is not watched: a script that starts us with `nohup bun start &` may end.
 */
export const watchLaunchers = ({ onGone, script, intervalMs = 250 }: LauncherWatchOptions): Disposable => {
  const watched = launchers({ self: process.pid, read: readProcess, script, executable: process.execPath });
  const look = () => {
    if (watched !== "gone" && watched.every(isAlive)) return;
    clearInterval(timer);
    onGone(watched === "gone");
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  look();
  return { [Symbol.dispose]: () => clearInterval(timer) };
};

export type LaunchersOptions = {
  readonly self: number;
  readonly read: (pid: number) => ProcessEntry | undefined;
  readonly script: string | undefined;
  /** The Bun that runs us. */
  readonly executable: string;
};

/**
 * The launchers, the nearest first; "gone" when one of them ended before we looked, as while it was still installing.
 * Without a /proc there is nothing to go by, and none is watched; nor is what cannot be told from whoever else starts a Bun.
 */
export const launchers = ({ self, read, script, executable }: LaunchersOptions): readonly ProcessEntry[] | "gone" => {
  const us = read(self);
  if (!us || script === undefined) return [];
  const runner = read(us.parent);
  if (!runner || !isBunRun(runner, script)) return us.parent === 1 ? "gone" : [];
  const npm = npmAbove(runner, read);
  if (npm) return [runner, ...npm];
  const cameByNpx = executable.includes("/_npx/");
  return cameByNpx && isOrphan(runner, read) ? "gone" : [runner];
};

/** What was above it, or above the shell that npm runs a script by, has ended: whoever takes in orphans is there now. */
const isOrphan = (child: ProcessEntry, read: LaunchersOptions["read"]): boolean => {
  const parent = read(child.parent);
  if (!parent || takesInOrphans(parent)) return true;
  const above = isScriptShell(parent) ? read(parent.parent) : undefined;
  return above !== undefined && takesInOrphans(above);
};

/** npm, and the shell between, where they are what started this process. */
const npmAbove = (child: ProcessEntry, read: LaunchersOptions["read"]): readonly ProcessEntry[] | undefined => {
  const parent = read(child.parent);
  if (!parent) return undefined;
  if (isNpm(parent)) return [parent];
  if (!isScriptShell(parent)) return undefined;
  const npm = read(parent.parent);
  return npm && isNpm(npm) ? [parent, npm] : undefined;
};

const isAlive = ({ pid, startedAt }: ProcessEntry) => readProcess(pid)?.startedAt === startedAt;

/** The first process, and that of a session. */
const takesInOrphans = ({ pid, command }: ProcessEntry) => pid === 1 || program(command[0]) === "systemd";
const program = (command: string | undefined) => basename(command ?? "");
/** The `bun run` of this script, and not a program that happens to run on Bun. */
const isBunRun = ({ command }: ProcessEntry, script: string) => /^bun(\.exe)?$/.test(program(command[0])) && command.includes(script);
const isScriptShell = ({ command }: ProcessEntry) => /^(ba|da|z)?sh$/.test(program(command[0])) && command[1] === "-c";
/** npm writes its title over its command line, as one word: `npm exec bun@1.4.4 start`. */
const isNpm = ({ command }: ProcessEntry) => /^(npm|npx)( |$)/.test(command[0] ?? "") || /^np[mx](-cli\.c?js)?$/.test(program(command[1]));
