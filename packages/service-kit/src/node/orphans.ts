import { existsSync } from "node:fs";
import { readdir, readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PostgresError } from "./postgres-error.ts";
import type { ProcessLogger } from "./process-logger.ts";

/**
 * Ends what an earlier PostgreSQL left running on this data after a `kill -9`, and removes its pid file, so that no
 * start can fail over them: a busy backend outlives its postmaster and holds the shared memory, and a container may
 * have given the postmaster's old pid to another process.
 *
 * The caller holds the lock of this data. A process counts as left over only if it is a `postgres` whose working
 * directory is this very folder; nothing else is ever signalled. Without a /proc, PostgreSQL's own checks have to do.
 *
 * @throws {PostgresError} when one of them outlives even a SIGKILL.
 */
export const endOrphans = async ({ dataDir, logger }: { dataDir: string; logger: ProcessLogger }): Promise<void> => {
  if (process.platform !== "linux" || !existsSync(dataDir)) return;
  const folder = await realpath(dataDir);
  const orphans = await postgresIn(folder);
  if (orphans.length > 0) {
    logger.warn({ pids: orphans }, "an earlier PostgreSQL still runs on this data: ending it");
    await end(folder);
  }
  await rm(join(folder, PID_FILE), { force: true });
};

const PID_FILE = "postmaster.pid";

const end = async (folder: string): Promise<void> => {
  const postmaster = await recordedPostmaster(folder);
  // A living postmaster is most likely on its way out already: it may finish its checkpoint before it is forced.
  if (await signalled(folder, { signal: "SIGINT", only: postmaster, withinMs: 10_000 })) return;
  if (await signalled(folder, { signal: "SIGQUIT", withinMs: 3_000 })) return;
  if (await signalled(folder, { signal: "SIGKILL", withinMs: 5_000 })) return;
  throw new PostgresError(`an earlier PostgreSQL cannot be ended: see the processes ${(await postgresIn(folder)).join(", ")}`);
};

/** Signals what runs in the folder and answers whether all of it is gone in time. */
const signalled = async (folder: string, step: { signal: NodeJS.Signals; only?: number | undefined; withinMs: number }) => {
  const targets = (await postgresIn(folder)).filter((pid) => !("only" in step) || pid === step.only);
  for (const pid of targets) signalIfAlive(pid, step.signal);
  const deadline = performance.now() + (targets.length > 0 ? step.withinMs : 0);
  while ((await postgresIn(folder)).length > 0) {
    if (performance.now() >= deadline) return false;
    await delay(20);
  }
  return true;
};

const postgresIn = async (folder: string): Promise<readonly number[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await isPostgresIn(pid, folder)) ? pid : undefined)));
  return found.filter((pid) => pid !== undefined);
};

const isPostgresIn = async (pid: number, folder: string): Promise<boolean> => {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === folder && (await readFile(`/proc/${pid}/comm`, "utf8")).trim() === "postgres";
  } catch {
    return false;
  }
};

const recordedPostmaster = async (folder: string): Promise<number | undefined> => {
  try {
    return Number.parseInt(await readFile(join(folder, PID_FILE), "utf8"), 10);
  } catch {
    return undefined;
  }
};

const signalIfAlive = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {}
};
