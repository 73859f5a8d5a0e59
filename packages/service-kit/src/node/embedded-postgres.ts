import { spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import type { PostgresConnection } from "../postgres-connection.ts";
import { type InstanceLock, instanceHolder, takeInstanceLock } from "./instance-lock.ts";
import { endOrphans } from "./orphans.ts";
import { postgresAccount } from "./postgres-account.ts";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries.ts";
import { PostgresError } from "./postgres-error.ts";
import { openPostgresHome, type PostgresHome, postgresFolderAt, postgresPassword, repairOwnership } from "./postgres-home.ts";
import { POSTGRES_ENVIRONMENT, startPostgresServer } from "./postgres-server.ts";
import { postgresSettings } from "./postgres-settings.ts";
import type { ProcessLogger } from "./process-logger.ts";

export type EmbeddedPostgres = AsyncDisposable & {
  /** Everything that postgres.js needs: `postgres(server.connection)`. Its host is the folder of the socket; no port is open. */
  readonly connection: PostgresConnection;
  /** Settles when the server has ended: with the reason, unless it was asked to. Never rejects. */
  readonly exited: Promise<PostgresError | undefined>;
  /** Stops it and gives its folder free. May be called more than once. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** Where data, password and socket are kept; made if need be. */
  readonly dataDir: string;
  readonly logger: ProcessLogger;
  /** Removes the folder when the server has ended, also when we are killed. */
  readonly temporary?: boolean;
};

/**
 * Starts a real PostgreSQL 18 for this process alone, on data that is there again at the next start, and answers when
 * it takes connections: in about a second at first, in a tenth of one later. It recovers by itself from a kill of any
 * process, and never outlives us.
 *
 * @throws {PostgresError} in one line that says what to do.
 */
export const startEmbeddedPostgres = async ({ dataDir, logger, temporary = false }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  await using started = new AsyncDisposableStack();
  const home = openPostgresHome({ path: dataDir, chooseAccount: postgresAccount, sharedFolder: SHARED_FOLDER, logger });
  started.use(lockHome(home.folder));
  repairOwnership(home);
  await endOrphans({ dataDir: home.data, logger });

  const binaries = postgresBinaries({ account: home.account, copiesIn: home.account ? SHARED_FOLDER : home.folder });
  const password = postgresPassword(home);
  if (!existsSync(home.data)) initialise(home, binaries);
  requireSameVersion(home, binaries);

  const host = openSocketFolder(home);
  started.defer(() => removeSocketFolder(home));
  started.defer(() => endOrphans({ dataDir: home.data, logger }));
  const server = await startPostgresServer({
    program: binaries.postgres,
    data: home.data,
    settings: postgresSettings(host),
    account: home.account,
    logger,
    discard: temporary ? home.folder : undefined,
  });
  started.defer(server.stop);
  const connection = { host, port: PORT, database: DATABASE, user: USER, password, ssl: false, connection: {} } as const;
  await createDatabase(connection);

  const resources = started.move();
  const stop = () => resources.disposeAsync();
  return { connection, exited: server.exited, stop, [Symbol.asyncDispose]: stop };
};

/**
 * Removes all that an embedded PostgreSQL keeps in its folder, also where the folder is a link. Never while it runs.
 *
 * @throws {PostgresError} when it runs, or the data belongs to another account.
 */
export const clearEmbeddedPostgres = async ({ dataDir, logger }: EmbeddedPostgresOptions): Promise<void> => {
  const folder = postgresFolderAt(dataDir);
  if (!folder) return;
  using _lock = lockHome(folder);
  await endOrphans({ dataDir: join(folder, "data"), logger });
  try {
    for (const name of readdirSync(folder)) if (!name.startsWith(LOCK)) rmSync(join(folder, name), { recursive: true });
  } catch (cause) {
    throw new PostgresError(`cannot clear ${folder}: does it belong to another account?`, { cause });
  }
};

const USER = "cartwright";
const DATABASE = "cartwright";
/** Names the socket's file; nothing listens on it. */
const PORT = 5432;
const LOCK = "lock";
const RUN = "run";
const SHARED_FOLDER = "/var/lib/cartwright";

const lockHome = (folder: string): InstanceLock => {
  const path = join(folder, LOCK);
  const lock = takeInstanceLock(path);
  if (lock) return lock;
  throw new PostgresError(`the database in ${folder} is in use by process ${instanceHolder(path)}`);
};

/** Made under another name first: a half-made cluster is never taken for a whole one. */
const initialise = ({ folder, data, passwordFile, account }: PostgresHome, { initdb }: PostgresBinaries): void => {
  const unfinished = join(folder, "data.new");
  rmSync(unfinished, { recursive: true, force: true });
  // Without an encoding, a machine without LANG gets SQL_ASCII; the builtin locale sorts alike on every machine.
  const encoding = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"];
  const access = [`--username=${USER}`, "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const { status, stderr, error } = spawnSync(initdb, ["-D", unfinished, ...access, ...encoding], {
    cwd: folder,
    env: POSTGRES_ENVIRONMENT,
    encoding: "utf8",
    ...account,
  });
  if (status !== 0)
    throw new PostgresError(`PostgreSQL cannot make its data: ${(error?.message ?? stderr).trim().replaceAll(/\s+/g, " ")}`);
  renameSync(unfinished, data);
};

const requireSameVersion = ({ data }: PostgresHome, { version }: PostgresBinaries): void => {
  const found = readFileSync(join(data, "PG_VERSION"), "utf8").trim();
  const ours = version.split(".")[0];
  if (found !== ours) throw new PostgresError(`${data} was made by PostgreSQL ${found}, this is ${ours}: start with --reset to begin anew`);
};

/** An empty folder for the socket: in the home, or in /tmp with a link to it where the home's path is too long. */
const openSocketFolder = (home: PostgresHome): string => {
  // After a kill, a socket's lock file may name a pid that another process has by now.
  removeSocketFolder(home);
  const run = join(home.folder, RUN);
  const fits = Buffer.byteLength(join(run, `.s.PGSQL.${PORT}`)) <= LONGEST_SOCKET_PATH;
  const real = fits ? run : mkdtempSync("/tmp/cartwright-");
  if (fits) mkdirSync(real, { mode: 0o700 });
  else symlinkSync(real, run);
  if (home.account) chownSync(real, home.account.uid, home.account.gid);
  return real;
};

const removeSocketFolder = ({ folder }: PostgresHome): void => {
  const run = join(folder, RUN);
  const target = lstatSync(run, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(run) : "";
  // The link is in the hands of PostgreSQL's account, and we may be root: follow it to no other place.
  if (/^\/tmp\/cartwright-\w{6}$/.test(target)) rmSync(target, { recursive: true, force: true });
  rmSync(run, { recursive: true, force: true });
};

/** `sun_path` is 108 bytes on Linux and 104 on macOS, with its closing zero. */
const LONGEST_SOCKET_PATH = process.platform === "darwin" ? 103 : 107;

const createDatabase = async (connection: PostgresConnection): Promise<void> => {
  const sql = postgres({ ...connection, database: "postgres", max: 1, onnotice: () => {} });
  try {
    const [existing] = await sql`select from pg_database where datname = ${connection.database}`;
    if (!existing) await sql`create database ${sql(connection.database)}`;
  } finally {
    await sql.end();
  }
};
