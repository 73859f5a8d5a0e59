import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@cartwright/service-kit/logger";
import { clearEmbeddedPostgres, type EmbeddedPostgres, startEmbeddedPostgres } from "@cartwright/service-kit/node/embedded-postgres";
import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";
import { freePort } from "./free-port.ts";

/** A PostgreSQL of one's own. Only what `startPostgres` answers can be killed or restored: no existing one ever has this type. */
export type PostgresServer = AsyncDisposable & {
  /** On a port of the loopback; the same after every start. */
  readonly connection: PostgresConnection;
  /** The same as a URL, for a process that is told of it by its environment. */
  readonly url: string;
  /** SIGKILL to its first process, at which the others end; answers when it has ended. What it has committed stays. */
  kill(): Promise<void>;
  /** Starts it again on its data; answers when it takes connections. Does nothing while it runs. */
  start(): Promise<void>;
  /** Cuts its clients off and ends it, with everything on disk. */
  stop(): Promise<void>;
  /** Keeps all that it holds now for `restore`, in place of an earlier backup. It is down for a moment. */
  backup(): Promise<void>;
  /** Puts all back to the backup, as an operator does after a disaster. What was committed since is gone. */
  restore(): Promise<void>;
};

/**
 * Starts a PostgreSQL 18 for a test that kills it, stops it or puts it back in time; others share one by `testDatabase`.
 * It ends with us, even by `kill -9`. On a free port, unless one is given.
 */
export const startPostgres = async ({ port }: { port?: number } = {}): Promise<PostgresServer> => {
  // The account that PostgreSQL runs as may not be ours.
  const folder = mkdtempSync(join(tmpdir(), "cartwright-postgres-"));
  chmodSync(folder, 0o755);
  const dataDir = join(folder, "home");
  const tcpPort = port ?? (await freePort());
  const launch = () => startEmbeddedPostgres({ dataDir, tcpPort, logger: silentLogger });
  let server: EmbeddedPostgres | undefined = await launch();
  const connection: PostgresConnection = { ...server.connection, host: "127.0.0.1" };
  const { user, password, database } = connection;

  const start = async () => {
    server ??= await launch();
  };
  const stop = async () => {
    await server?.stop();
    server = undefined;
  };
  const whileDown = async (work: () => void) => {
    await stop();
    work();
    await start();
  };
  return {
    connection,
    url: `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${tcpPort}/${database}`,
    start,
    stop,
    async kill() {
      if (!server) return;
      process.kill(Number.parseInt(readFileSync(join(dataDir, "data/postmaster.pid"), "utf8"), 10), "SIGKILL");
      await server.exited;
      await stop();
    },
    backup: () => whileDown(() => copyTree(dataDir, { from: "data", to: "backup" })),
    restore: () => whileDown(() => copyTree(dataDir, { from: "backup", to: "data" })),
    async [Symbol.asyncDispose]() {
      await stop();
      await clearEmbeddedPostgres({ dataDir, logger: silentLogger });
      rmSync(folder, { recursive: true });
    },
  };
};

/** With owners and modes, which PostgreSQL insists on. */
const copyTree = (dataDir: string, { from, to }: { from: string; to: string }): void => {
  const home = realpathSync(dataDir);
  if (!existsSync(join(home, from))) throw new Error("there is no backup to restore");
  rmSync(join(home, to), { recursive: true, force: true });
  const { status, stderr } = spawnSync("cp", ["-a", join(home, from), join(home, to)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`cannot copy ${from} to ${to}: ${stderr}`);
};
