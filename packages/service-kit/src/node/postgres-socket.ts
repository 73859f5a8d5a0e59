import { lchownSync, lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { PostgresHome } from "./postgres-home.ts";

/**
 * Makes an empty folder for the socket: in the home, or in /tmp with a link to it where the home's path is too long for
 * a socket.
 */
export const openSocketFolder = (home: PostgresHome): string => {
  // After a kill, a socket's lock file may name a pid that another process has by now.
  removeSocketFolder(home);
  const run = join(home.folder, RUN);
  const fits = Buffer.byteLength(join(run, `.s.PGSQL.${LONGEST_PORT}`)) <= LONGEST_SOCKET_PATH;
  const real = fits ? run : mkdtempSync("/tmp/cartwright-");
  if (fits) mkdirSync(real, { mode: 0o700 });
  else symlinkSync(real, run);
  if (home.account) lchownSync(real, home.account.uid, home.account.gid);
  return real;
};

export const removeSocketFolder = ({ folder }: PostgresHome): void => {
  const run = join(folder, RUN);
  const target = lstatSync(run, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(run) : "";
  // The link is in the hands of PostgreSQL's account, and we may be root: follow it to no other place.
  if (/^\/tmp\/cartwright-\w{6}$/.test(target)) rmSync(target, { recursive: true, force: true });
  rmSync(run, { recursive: true, force: true });
};

/** Names the socket's file; nothing listens on it, unless a port was asked for. */
export const POSTGRES_PORT = 5432;
const LONGEST_PORT = 65_535;

const RUN = "run";

/** `sun_path` is 108 bytes on Linux and 104 on macOS, with its closing zero. */
const LONGEST_SOCKET_PATH = process.platform === "darwin" ? 103 : 107;
