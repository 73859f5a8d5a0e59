import { spawnSync } from "node:child_process";

/** An account of this machine that PostgreSQL runs as. */
export type PostgresAccount = { readonly uid: number; readonly gid: number };

export type AccountSource = {
  readonly uid: number;
  /** The account of this name, if the machine has one. */
  lookUp(name: string): PostgresAccount | undefined;
  /** Makes a system account; whether that worked is for `lookUp` to say. */
  create(name: string): void;
};

/**
 * The account that PostgreSQL must be started under, or undefined when we are an ordinary user and it can run as us:
 * PostgreSQL refuses to run as root. In this order: `postgres` where it exists, an account of our own where one can be
 * made, and `nobody` in a minimal container.
 */
export const postgresAccount = (source: AccountSource = thisMachine): PostgresAccount | undefined => {
  if (source.uid !== 0) return undefined;
  const existing = source.lookUp("postgres") ?? source.lookUp(OWN_ACCOUNT);
  if (existing) return existing;
  source.create(OWN_ACCOUNT);
  return source.lookUp(OWN_ACCOUNT) ?? source.lookUp("nobody") ?? NOBODY;
};

const OWN_ACCOUNT = "cartwright-postgres";
const NOBODY: PostgresAccount = { uid: 65_534, gid: 65_534 };

const thisMachine: AccountSource = {
  uid: process.getuid?.() ?? -1,
  lookUp(name) {
    const uid = numericId("-u", name);
    const gid = numericId("-g", name);
    return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid };
  },
  create(name) {
    spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false", name]);
  },
};

const numericId = (flag: "-u" | "-g", name: string): number | undefined => {
  const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" });
  return status === 0 ? Number.parseInt(stdout, 10) : undefined;
};
