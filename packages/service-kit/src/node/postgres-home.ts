import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { PostgresAccount } from "./postgres-account.ts";
import { PostgresError } from "./postgres-error.ts";
import type { ProcessLogger } from "./process-logger.ts";

/** The folder that holds one embedded PostgreSQL: its data, its password and its socket. */
export type PostgresHome = {
  /** Without symbolic links. */
  readonly folder: string;
  readonly account: PostgresAccount | undefined;
  readonly data: string;
  readonly passwordFile: string;
};

export type HomeOptions = {
  /** Where the folder is, or the link to where it really is. */
  readonly path: string;
  /** The account to run as, asked only when no data says it already; undefined when we run it as ourselves. */
  readonly chooseAccount: () => PostgresAccount | undefined;
  /** Where data goes that the account cannot reach under `path`. */
  readonly sharedFolder: string;
  readonly logger: ProcessLogger;
};

/**
 * Opens the home, making it if need be. Where PostgreSQL runs under another account that cannot enter the checkout,
 * for example below root's home, the folder lies in `sharedFolder` and `path` becomes a link to it.
 *
 * @throws {PostgresError} when the data belongs to another account and we may not become it.
 */
export const openPostgresHome = (options: HomeOptions): PostgresHome => {
  const folder = existingFolder(options.path);
  const account = accountFor(folder, options.chooseAccount);
  if (!account) return home(folder, account);
  chownSync(folder, account.uid, account.gid);
  if (canEnter(folder, account)) return home(folder, account);
  const moved = moveTo(options.sharedFolder, folder, options.path);
  chownTree(moved, account);
  options.logger.info(
    { link: options.path, folder: moved },
    `the data lies in ${moved}, since PostgreSQL's account cannot enter ${options.path}`,
  );
  return home(moved, account);
};

/** Where the path leads, if there is anything. */
export const postgresFolderAt = (path: string): string | undefined => {
  return existsSync(path) ? realpathSync(path) : undefined;
};

/** The superuser's password, made at the first start and kept in a file that only its account can read. */
export const postgresPassword = ({ passwordFile, data, account }: PostgresHome): string => {
  if (existsSync(passwordFile)) return readFileSync(passwordFile, "utf8").trim();
  if (existsSync(data)) throw new PostgresError(`${passwordFile} is missing: put it back, or start with --reset to begin anew`);
  const password = randomBytes(24).toString("base64url");
  const unfinished = `${passwordFile}.new`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, password, { mode: 0o600, flag: "wx", flush: true });
  if (account) chownSync(unfinished, account.uid, account.gid);
  renameSync(unfinished, passwordFile);
  return password;
};

/** Brings the data into the state that PostgreSQL insists on, whatever a copy or a `chown -R` made of it. */
export const repairOwnership = ({ folder, data, account }: PostgresHome): void => {
  if (!existsSync(data)) return;
  if (account && statSync(data).uid !== account.uid) chownTree(folder, account);
  if (!lstatSync(data).isSymbolicLink()) chmodSync(data, 0o700);
};

const home = (folder: string, account: PostgresAccount | undefined): PostgresHome => ({
  folder,
  account,
  data: join(folder, "data"),
  passwordFile: join(folder, "password"),
});

const existingFolder = (path: string): string => {
  const folder = linkTarget(path) ?? path;
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return realpathSync(path);
};

const linkTarget = (path: string): string | undefined => {
  const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
  return link ? resolve(dirname(path), readlinkSync(path)) : undefined;
};

/** Whoever owns the data goes on owning it, so that a user whose checkout root started once can still start it. */
const accountFor = (folder: string, choose: HomeOptions["chooseAccount"]): PostgresAccount | undefined => {
  const { uid, gid } = statSync(existsSync(join(folder, "data")) ? join(folder, "data") : folder);
  const us = process.getuid?.();
  if (us === 0) return uid === 0 ? choose() : { uid, gid };
  if (uid === us) return undefined;
  throw new PostgresError(`${folder} belongs to another account (uid ${uid}): start as that account, or as root`);
};

const canEnter = (folder: string, account: PostgresAccount): boolean => {
  const { status } = spawnSync("/bin/sh", ["-c", 'cd "$1" && [ -w . ]', "sh", folder], { cwd: "/", ...account });
  return status === 0;
};

/** The name is never used twice: a checkout made anew at the same place must not find the data of a deleted one. */
const moveTo = (sharedFolder: string, folder: string, path: string): string => {
  if (mkdirSync(sharedFolder, { recursive: true })) chmodSync(sharedFolder, 0o755);
  const readable = resolve(path)
    .replaceAll(/[^a-zA-Z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(-40);
  const target = mkdtempSync(join(sharedFolder, `${readable}-`));
  if (readdirSync(folder).length > 0) cpSync(folder, target, { recursive: true, preserveTimestamps: true });
  rmSync(folder, { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(target, path);
  return target;
};

const chownTree = (folder: string, account: PostgresAccount): void => {
  spawnSync("chown", ["-R", "-h", `${account.uid}:${account.gid}`, folder]);
};
