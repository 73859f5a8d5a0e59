import { basename } from "node:path";
import { ignoresHangUp } from "./hang-up.ts";
import { type ProcessEntry, readProcess } from "./process-table.ts";

export type LauncherWatchOptions = {
  /** Called once, when a launcher has ended and we have not. */
  readonly onGone: () => void;
  /** How we were launched, as package managers tell their scripts. */
  readonly environment: LauncherEnvironment;
  readonly intervalMs?: number;
};

export type LauncherEnvironment = {
  readonly npm_lifecycle_event?: string | undefined;
  readonly npm_execpath?: string | undefined;
};

/**
 * Watches the processes that launched us: `npx`, its shell and `bun run` when we were started by `npx bun start`, else
 * `bun run` alone. A signal to any of them is meant for us, but none passes it on: npm and its shell just die.
 *
 * Whatever launched these is not watched: a script that starts us with `nohup bun start &` may end.
 */
export const watchLaunchers = ({ onGone, environment, intervalMs = 250 }: LauncherWatchOptions): Disposable => {
  const launched = launchers({ self: process.pid, read: readProcess, environment, detached: ignoresHangUp() });
  const timer = setInterval(() => {
    if (launched !== "gone" && launched.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, intervalMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
};

export type LaunchersOptions = {
  readonly self: number;
  readonly read: (pid: number) => ProcessEntry | undefined;
  readonly environment: LauncherEnvironment;
  /** Whether we were started to outlive our session, as by `nohup`. */
  readonly detached: boolean;
};

/** The launchers from the nearest outwards; "gone" when one of them had ended before we looked. */
export const launchers = ({ self, read, environment, detached }: LaunchersOptions): readonly ProcessEntry[] | "gone" => {
  const us = read(self);
  // Without a /proc there is nothing to go by.
  if (!us) return [];
  const runner = read(us.parent);
  if (!runner || !runs(runner, environment.npm_lifecycle_event))
    return environment.npm_lifecycle_event === "start" && us.parent === 1 ? "gone" : [];
  const npm = npmAbove(runner, read);
  if (npm) return [runner, ...npm];
  const npmEnded = runner.parent === 1 && /np[mx]-cli\.c?js$/.test(environment.npm_execpath ?? "");
  return npmEnded && !detached ? "gone" : [runner];
};

/** npm and its shell, where they are what started this process. */
const npmAbove = (child: ProcessEntry, read: LaunchersOptions["read"]): readonly ProcessEntry[] | undefined => {
  const parent = read(child.parent);
  if (!parent) return undefined;
  if (isNpm(parent)) return [parent];
  if (!isScriptShell(parent)) return undefined;
  const npm = read(parent.parent);
  return npm && isNpm(npm) ? [parent, npm] : undefined;
};

const isAlive = ({ pid, startedAt }: ProcessEntry) => readProcess(pid)?.startedAt === startedAt;

const program = (command: string | undefined) => basename(command ?? "");
/** Whether it is the `bun run` of this script, and not a program that happens to run on Bun. */
const runs = ({ command }: ProcessEntry, script: string | undefined) =>
  script !== undefined && /^bun(\.exe)?$/.test(program(command[0])) && command.includes(script);
const isScriptShell = ({ command }: ProcessEntry) => /^(ba|da|z)?sh$/.test(program(command[0])) && command[1] === "-c";
/** npm writes its title over its command line, as one word: `npm exec bun@1.4.4 start`. */
const isNpm = ({ command }: ProcessEntry) => /^(npm|npx)( |$)/.test(command[0] ?? "") || /^np[mx](-cli\.c?js)?$/.test(program(command[1]));
