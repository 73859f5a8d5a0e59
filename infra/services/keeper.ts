import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { instanceHolder, takeInstanceLock } from "@cartwright/service-kit/node/instance-lock";
import * as z from "zod";
import type { ServiceName } from "./services.ts";

/** The process that holds one server: it starts it, ends when it ends, and stops it when it is asked to end. */
export type Keeper = {
  readonly pid: number;
  /** Absent while the server starts. */
  readonly told?: Told | undefined;
};

/** What a keeper tells of its server: the value of its variable, and what people want to know besides. */
export type Told = { readonly value: string; readonly note?: string | undefined };

/** The folder of one server: its data, its keeper's lock and log, and what the keeper says of it. */
export const serviceFolder = (folder: string, name: ServiceName): string => join(folder, name);

/**
 * The keeper that runs now. A pid counts only while its process holds the lock, which the kernel takes back however the
 * process ends: one that was given to another process since is never taken for a keeper.
 */
export const findKeeper = (folder: string, name: ServiceName): Keeper | undefined => {
  const lockFile = keeperLockFile(folder, name);
  if (!existsSync(lockFile)) return undefined;
  const lock = takeInstanceLock(lockFile);
  const pid = lock ? undefined : instanceHolder(lockFile);
  lock?.release();
  return pid === undefined ? undefined : { pid, told: readServiceRecord(folder, name, pid) };
};

export const keeperLockFile = (folder: string, name: ServiceName): string => join(serviceFolder(folder, name), "keeper.lock");

/** Tells that the server of this process takes requests. */
export const recordService = (folder: string, name: ServiceName, { value, note }: Told): Disposable => {
  const file = recordFile(folder, name);
  writeFileSync(`${file}.new`, JSON.stringify({ pid: process.pid, value, note } satisfies Record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
};

const Record = z.object({ pid: z.number(), value: z.string(), note: z.string().optional() });
type Record = z.infer<typeof Record>;

const recordFile = (folder: string, name: ServiceName): string => join(serviceFolder(folder, name), "keeper.json");

/** What this keeper has told. A record that an earlier one left behind when it was killed says nothing. */
export const readServiceRecord = (folder: string, name: ServiceName, pid: number): Told | undefined => {
  const file = recordFile(folder, name);
  if (!existsSync(file)) return undefined;
  const record = Record.parse(JSON.parse(readFileSync(file, "utf8")));
  return record.pid === pid ? record : undefined;
};
