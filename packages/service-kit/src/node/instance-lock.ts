import { Database, SQLiteError } from "bun:sqlite";
import { readFileSync, rmSync, writeFileSync } from "node:fs";

export type InstanceLock = Disposable & { release(): void };

/**
 * Takes the lock that one process at a time may hold, or answers undefined when another one holds it.
 *
 * The lock is SQLite's exclusive lock on an empty file: the kernel gives it to one of two starters and takes it back
 * however its holder ends, so there is no stale state to recover after a `kill -9`, no race in recovering it, and no
 * limit on the length of the path, all of which a listening socket has.
 *
 * @throws {InstanceLockError} when the file cannot be opened, for instance because it belongs to another account.
 */
export const takeInstanceLock = (path: string): InstanceLock | undefined => {
  const database = openLock(path);
  if (!database) return undefined;
  rmSync(holderFile(path), { force: true });
  writeFileSync(holderFile(path), String(process.pid), { flag: "wx" });
  const release = () => database.close();
  return { release, [Symbol.dispose]: release };
};

/** The process that holds the lock, for a message to people: by the time it is read, it may have ended. */
export const instanceHolder = (path: string): number | undefined => {
  try {
    return Number.parseInt(readFileSync(holderFile(path), "utf8"), 10) || undefined;
  } catch {
    return undefined;
  }
};

export class InstanceLockError extends Error {
  override readonly name = "InstanceLockError";
  readonly retryable = false;
}

const openLock = (path: string): Database | undefined => {
  let database: Database | undefined;
  try {
    database = new Database(path, { create: true, readwrite: true });
    // A journal in memory: nothing is ever written, and a file beside the lock would outlive a kill.
    database.run("PRAGMA journal_mode = MEMORY");
    database.run("BEGIN EXCLUSIVE");
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof SQLiteError && cause.code === "SQLITE_BUSY") return undefined;
    throw new InstanceLockError(`cannot lock ${path}: is it writable for this account?`, { cause });
  }
};

const holderFile = (path: string) => `${path}.pid`;
