import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import type { PostgresConnection } from "../postgres-connection.ts";
import { type InstanceLock, instanceHolder, takeInstanceLock } from "./instance-lock.ts";
import { endOrphans } from "./orphans.ts";
import { type PostgresAccount, postgresAccount } from "./postgres-account.ts";
import { postgresBinaries } from "./postgres-binaries.ts";
import { openCluster } from "./postgres-cluster.ts";
import { PostgresError } from "./postgres-error.ts";
import { openPostgresHome, postgresFolderAt, postgresPassword, repairOwnership } from "./postgres-home.ts";
import { startPostgresServer } from "./postgres-server.ts";
import { postgresSettings } from "./postgres-settings.ts";
import { openSocketFolder, POSTGRES_PORT, removeSocketFolder } from "./postgres-socket.ts";
import type { ProcessLogger } from "./process-logger.ts";

export type EmbeddedPostgres = AsyncDisposable & {
  /** Everything that postgres.js needs: `postgres(server.connection)`. Its host is the folder of the socket. */
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
  /** Of the loopback, where it listens besides; without it, no port is open. */
  readonly tcpPort?: number;
  /** The account that new data gets where we are root, and PostgreSQL so refuses to run as us. */
  readonly chooseAccount?: () => PostgresAccount | undefined;
};

/**
 * Starts a real PostgreSQL 18 for this process alone, on data that is there again at the next start, and answers when
 * it takes connections: in about a second at first, in a tenth of one later. It recovers by itself from a kill of any
 * process, and never outlives us.
 *
 * @throws {PostgresError} in one line that says what to do.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const { dataDir, logger, temporary = false, tcpPort, chooseAccount = postgresAccount } = options;
  await using started = new AsyncDisposableStack();
  const home = openPostgresHome({ path: dataDir, chooseAccount, sharedFolder: SHARED_FOLDER, logger });
  started.use(lockHome(home.folder));
  if (temporary) started.defer(() => removeHome(home.folder, dataDir));
  repairOwnership(home);
  await endOrphans({ dataDir: home.data, logger });

  const binaries = postgresBinaries({ account: home.account, copiesIn: home.account ? SHARED_FOLDER : home.folder });
  const password = postgresPassword(home);
  await openCluster(home, { binaries, user: USER });

  const host = openSocketFolder(home);
  started.defer(() => removeSocketFolder(home));
  started.defer(() => endOrphans({ dataDir: home.data, logger }));
  const server = await startPostgresServer({
    program: binaries.postgres,
    data: home.data,
    settings: postgresSettings(host, tcpPort),
    account: home.account,
    logger,
    discard: temporary ? home.folder : undefined,
  });
  started.defer(server.stop);
  const connection = {
    host,
    port: tcpPort ?? POSTGRES_PORT,
    database: DATABASE,
    user: USER,
    password,
    ssl: false,
    connection: {},
  } as const;
  await createDatabase(connection);

  const resources = started.move();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= resources.disposeAsync();
    return stopped;
  };
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
const LOCK = "lock";
const SHARED_FOLDER = "/var/lib/cartwright";

const lockHome = (folder: string): InstanceLock => {
  const path = join(folder, LOCK);
  const lock = takeInstanceLock(path);
  if (lock) return lock;
  throw new PostgresError(`the database in ${folder} is in use by process ${instanceHolder(path)}`);
};

/** The folder, and the link that leads to it if there is one. */
const removeHome = (folder: string, dataDir: string): void => {
  for (const path of [folder, dataDir]) rmSync(path, { recursive: true, force: true });
};

const createDatabase = async (connection: PostgresConnection): Promise<void> => {
  const sql = postgres({ ...connection, database: "postgres", max: 1, onnotice: () => {} });
  try {
    const [existing] = await sql`select from pg_database where datname = ${connection.database}`;
    if (!existing) await sql`create database ${sql(connection.database)}`;
  } finally {
    await sql.end({ timeout: 5 });
  }
};
