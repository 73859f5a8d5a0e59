import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { PostgresAccount } from "./postgres-account.ts";
import { PostgresError } from "./postgres-error.ts";
import type { ProcessLogger } from "./process-logger.ts";

export type PostgresServer = {
  /** Settles when it has ended: with the reason, unless it was asked to. Never rejects. */
  readonly exited: Promise<PostgresError | undefined>;
  /** A fast shutdown: clients are cut off, everything is on disk. Answers when it has ended. */
  stop(): Promise<void>;
};

export type ServerOptions = {
  readonly program: string;
  readonly data: string;
  readonly settings: Record<string, string>;
  readonly account: PostgresAccount | undefined;
  readonly logger: ProcessLogger;
  /** Removed, with everything in it, once the server has ended, however that came about. */
  readonly discard?: string | undefined;
};

/**
 * Starts PostgreSQL on the data and answers when it takes connections.
 *
 * It has a session of its own, so that a terminal's Ctrl-C reaches us alone and we can drain before it stops. It stops
 * by itself when we die, even by `kill -9`: a shell stands between and reads from a pipe that we hold open.
 *
 * @throws {PostgresError} with PostgreSQL's own last words when it ends before it is ready.
 */
export const startPostgresServer = async (options: ServerOptions): Promise<PostgresServer> => {
  const { program, data, settings, account, logger, discard = "" } = options;
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn("/bin/sh", ["-c", DEATH_WATCH, "sh", discard, program, "-D", data, ...flags], {
    cwd: data,
    env: POSTGRES_ENVIRONMENT,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    ...account,
  });
  let stopping = false;
  const { promise: ready, resolve: markReady } = Promise.withResolvers<void>();
  const { promise: exited, resolve: markExited } = Promise.withResolvers<PostgresError | undefined>();
  const lastWords: string[] = [];

  const askToStop = () => child.kill("SIGTERM");
  child.stdin.on("error", () => {});
  // Standard output is held by the inner shell alone: its end leaves the server unwatched.
  child.stdout.on("close", askToStop).resume();
  child.on("error", (cause) => markExited(new PostgresError(`PostgreSQL did not start: ${cause.message}`, { cause })));
  const lines = createInterface({ input: child.stderr });
  const heardAll = once(lines, "close");
  child.on("exit", async (code, signal) => {
    // Its last words may still be on their way; an orphan of its may hold the pipe for longer.
    await Promise.race([heardAll, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    markExited(stopping ? undefined : new PostgresError(ending(signal ?? code, lastWords)));
  });
  lines.on("line", (line) => {
    lastWords.splice(0, Math.max(0, lastWords.length - 4));
    lastWords.push(line);
    if (line.includes(READY)) markReady();
    // A SIGTERM to PostgreSQL would let our own connections keep it, half closed, for ever.
    if (line.includes("received smart shutdown request")) askToStop();
    logLine({ line, logger, stopping });
  });

  const failure = await Promise.race([ready, exited]);
  if (failure) throw failure;
  return {
    exited,
    async stop() {
      stopping = true;
      askToStop();
      const late = delay(10_000, true, { ref: false });
      if (await Promise.race([exited.then(() => false), late])) logger.warn({ pid: child.pid }, "PostgreSQL takes long to end");
    },
  };
};

/**
 * `$1` is what to discard at the end, the rest the command. Descriptor 3 is the pipe from us: at its end, which the
 * kernel sees to, the inner shell asks the server for a fast shutdown. The outer shell does so when it is signalled, and
 * ends when the server does.
 */
const DEATH_WATCH = `
discard=$1; shift
exec 3<&0 4>&1 </dev/null >/dev/null
"$@" 3<&- 4>&- &
server=$!
trap 'kill -INT "$server" 2>/dev/null' HUP INT TERM
{ read -r _ <&3; kill -INT "$server"; } 2>/dev/null &
watch=$!
exec 3<&- 4>&-
wait "$server"; status=$?
while kill -0 "$server" 2>/dev/null; do wait "$server"; status=$?; done
kill "$watch" 2>/dev/null
[ -z "$discard" ] || { cd /; rm -rf "$discard"; }
exit "$status"
`;

/** Nothing of ours: PGDATA, PGOPTIONS and a dozen others would change what is started. */
export const POSTGRES_ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

const LAST_WORDS_MS = 500;

const READY = "database system is ready to accept connections";

const ending = (how: number | string | null, lastWords: readonly string[]): string => {
  const said =
    lastWords.find((line) => /\b(FATAL|PANIC):/.test(line)) ?? lastWords.findLast((line) => line.trim() !== "" && !line.includes(READY));
  return `PostgreSQL ended (${how})${said ? `: ${said.replaceAll(/\s+/g, " ")}` : ""}`;
};

const logLine = ({ line, logger, stopping }: { line: string; logger: ProcessLogger; stopping: boolean }): void => {
  const bad = /^(WARNING|FATAL|PANIC):/.test(line) && !stopping;
  logger[bad ? "warn" : "debug"]({ postgres: line }, "PostgreSQL says");
};
