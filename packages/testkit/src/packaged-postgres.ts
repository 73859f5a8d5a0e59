import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@cartwright/service-kit/logger";
import { postgresAccount } from "@cartwright/service-kit/node/postgres-account";
import { startPostgresServer } from "@cartwright/service-kit/node/postgres-server";
import { freePort } from "./free-port.ts";
import { ServerUnavailable } from "./server-unavailable.ts";

/** A PostgreSQL of one's own, of the machine's packages: unlike the embedded one it has `pg_dump` and `pg_restore`. */
export type PackagedPostgres = AsyncDisposable & {
  readonly url: string;
  /** What `pg_dump` writes with these arguments of all that is in the database. */
  dump(args: readonly string[]): Promise<Uint8Array>;
  /** Puts a dump in. @throws what `pg_restore` complains of. */
  restore(dump: Uint8Array, args: readonly string[]): Promise<void>;
};

const packages = "/usr/lib/postgresql";

/** The newest one that is installed as Debian does it. */
export const packagedPostgresFolder = (installedIn = packages): string | undefined => {
  const versions = existsSync(installedIn) ? readdirSync(installedIn).toSorted((left, right) => Number(right) - Number(left)) : [];
  return versions
    .map((version) => join(installedIn, version, "bin"))
    .find((folder) => ["initdb", "postgres", "pg_dump", "pg_restore"].every((program) => existsSync(join(folder, program))));
};

/**
 * Starts one with an empty database, for a test of what the embedded one has no tools for. It ends with us.
 *
 * @throws {ServerUnavailable} where none is installed.
 */
export const startPackagedPostgres = async (): Promise<PackagedPostgres> => {
  const programs = packagedPostgresFolder();
  if (!programs) throw new ServerUnavailable(`there is no PostgreSQL with pg_dump in ${packages}: install the package postgresql`);
  const folder = mkdtempSync(join(tmpdir(), "cartwright-packaged-postgres-"));
  chmodSync(folder, 0o755);
  const account = postgresAccount();
  const [data, sockets] = [join(folder, "data"), join(folder, "sockets")];
  for (const made of [data, sockets]) {
    mkdirSync(made, { mode: 0o700 });
    if (account) chownSync(made, account.uid, account.gid);
  }
  const initdb = ["--username=cartwright", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D", data];
  run(join(programs, "initdb"), initdb, { cwd: data, ...account });
  const port = await freePort();
  const server = await startPostgresServer({
    program: join(programs, "postgres"),
    data,
    settings: { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: sockets, max_connections: "200", fsync: "off" },
    account,
    logger: silentLogger,
    discard: folder,
  });
  const database = ["--host=127.0.0.1", `--port=${port}`, "--username=cartwright"];
  return {
    url: `postgres://cartwright@127.0.0.1:${port}/postgres`,
    dump: async (args) => run(join(programs, "pg_dump"), [...database, "--format=custom", ...args, "postgres"]),
    async restore(dump, args) {
      run(join(programs, "pg_restore"), [...database, "--dbname=postgres", ...args], { input: dump });
    },
    [Symbol.asyncDispose]: server.stop,
  };
};

type RunOptions = { readonly cwd?: string; readonly uid?: number; readonly gid?: number; readonly input?: Uint8Array };

const run = (program: string, args: readonly string[], options: RunOptions = {}): Uint8Array => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { ...options, maxBuffer: 256 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr.toString().trim()}`);
  return stdout;
};
