import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { hasProgram } from "./has-program.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { ServerUnavailable } from "./server-unavailable.ts";
import { until } from "./until.ts";

/** A Redis of one's own. Only what `startRedis` answers can be killed or wiped: no existing Redis ever has this type. */
export type RedisServer = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** Undefined while it is down. */
  readonly pid: number | undefined;
  /** SIGKILL; answers when it has ended. What it keeps through that is up to `persistence`. */
  kill(): Promise<void>;
  /** Starts it again on its data and its port; answers when it takes commands. Does nothing while it runs. */
  start(): Promise<void>;
  /** Lets it write what it keeps, and ends it. The data stays for another `start`. */
  stop(): Promise<void>;
  /** Removes all keys of all databases. */
  wipe(): Promise<void>;
  /**
   * Makes a replica a primary, with what has reached it so far. As in a real failover, what its old primary acknowledges
   * from now on is lost with that one.
   */
  promote(): Promise<void>;
};

export type RedisOptions = {
  /**
   * What a kill leaves: `none` nothing; `snapshot` what was there at the last `SAVE`; `everySecond` all but about the last
   * second; `always` all that was acknowledged. `none`, unless given.
   */
  readonly persistence?: RedisPersistence;
  /** Follows this one, asynchronously: the last writes before the primary's death may be missing. */
  readonly replicaOf?: RedisServer;
  /** Where data is kept from one start to the next; without it, data is in a temporary folder that goes with the server. */
  readonly dataDir?: string;
  /** A free one, unless given. */
  readonly port?: number;
  readonly password?: string;
};

export type RedisPersistence = "none" | "snapshot" | "everySecond" | "always";

/**
 * Starts a `redis-server` and answers when it takes commands. It ends with us, even by `kill -9`.
 *
 * @throws {ServerUnavailable} when there is no `redis-server`, or it does not start.
 */
export const startRedis = async (options: RedisOptions = {}): Promise<RedisServer> => {
  if (!hasProgram("redis-server")) throw new ServerUnavailable("there is no redis-server");
  const { dataDir, password, port = await freePort() } = options;
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), "cartwright-redis-"));
  mkdirSync(folder, { recursive: true });
  const url = `redis://${password === undefined ? "" : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`;
  const launch = () => launchRedis(flagsOf(options, port), { folder, discard: dataDir === undefined ? folder : undefined });
  let server: ServerProcess | undefined;
  const end = async (how: "kill" | "stop") => {
    await server?.[how]();
    server = undefined;
  };
  const redis: RedisServer = {
    url,
    port,
    get pid() {
      return server?.pid;
    },
    async start() {
      if (server) return;
      const starting = launch();
      server = starting;
      void starting.exited.then(() => {
        if (server === starting) server = undefined;
      });
      await answers(starting, url);
    },
    kill: () => end("kill"),
    stop: () => end("stop"),
    wipe: () => send(url, ["FLUSHALL"]),
    promote: () => send(url, ["REPLICAOF", "NO", "ONE"]),
    async [Symbol.asyncDispose]() {
      await end(dataDir === undefined ? "kill" : "stop");
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
  await redis.start().catch(async (error) => {
    await redis[Symbol.asyncDispose]();
    throw error;
  });
  return redis;
};

const PERSISTENCE: Record<RedisPersistence, readonly string[]> = {
  none: ["--appendonly", "no"],
  // A save point that no test reaches: SIGTERM writes a snapshot only where there is one.
  snapshot: ["--appendonly", "no", "--save", "3600 1000000"],
  everySecond: ["--appendonly", "yes", "--appendfsync", "everysec"],
  always: ["--appendonly", "yes", "--appendfsync", "always"],
};

const flagsOf = ({ persistence = "none", replicaOf, password }: RedisOptions, port: number): readonly string[] => {
  const access = password === undefined ? [] : ["--requirepass", password, "--masterauth", password];
  const replication = replicaOf ? ["--replicaof", `127.0.0.1 ${replicaOf.port}`] : [];
  return [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--repl-diskless-sync-delay",
    "0",
    ...PERSISTENCE[persistence],
    ...access,
    ...replication,
  ];
};

const launchRedis = (flags: readonly string[], { folder, discard }: { folder: string; discard: string | undefined }): ServerProcess =>
  startServerProcess(["redis-server", "--dir", folder, "--daemonize", "no", ...flags], {
    cwd: folder,
    logFile: join(folder, "server.log"),
    discard,
  });

const answers = async (server: ServerProcess, url: string): Promise<void> => {
  const ended = server.exited.then((how) => {
    throw new ServerUnavailable(`redis-server ended (${how}): ${server.lastWords()}`);
  });
  await Promise.race([
    until(() => send(url, ["PING"]).then(() => true), { timeoutMs: 30_000, what: "redis-server taking commands" }),
    ended,
  ]);
};

const send = async (url: string, [command = "", ...args]: readonly string[]): Promise<void> => {
  const client = new Bun.RedisClient(url, { autoReconnect: false, connectionTimeout: 2_000 });
  try {
    await client.send(command, args);
  } finally {
    client.close();
  }
};
