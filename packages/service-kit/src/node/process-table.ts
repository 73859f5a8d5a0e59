import { readdirSync, readFileSync } from "node:fs";

/** A process as the kernel tells of it. */
export type ProcessEntry = {
  readonly pid: number;
  readonly parent: number;
  /** In ticks since the machine's start: with the pid, an identity that is never given twice. */
  readonly startedAt: number;
  readonly command: readonly string[];
};

/** The living process of this pid, from /proc. One that has ended and that nobody has asked about yet counts as gone. */
export const readProcess = (pid: number): ProcessEntry | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in parentheses, which may itself hold spaces and parentheses.
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
    return { pid, parent: Number(parent), startedAt: Number(rest[17]), command };
  } catch {
    return undefined;
  }
};

/** The processes of this machine that this account can see. */
export const runningProcesses = (): readonly ProcessEntry[] => {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readProcess(Number(pid))).filter((found) => found !== undefined);
};
