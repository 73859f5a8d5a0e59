import { spawn } from "node:child_process";
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { PostgresError } from "./postgres-error.ts";
import type { PostgresHome } from "./postgres-home.ts";
import { POSTGRES_ENVIRONMENT } from "./postgres-server.ts";

/**
 * Sees to it that the home holds data that these programs can run on, making it if there is none.
 *
 * @throws {PostgresError} when another version made it, or it cannot be made.
 */
export const openCluster = async (home: PostgresHome, { binaries, user }: { binaries: PostgresBinaries; user: string }): Promise<void> => {
  if (!existsSync(home.data)) await makeCluster(home, { initdb: binaries.initdb, user });
  const found = readFileSync(join(home.data, "PG_VERSION"), "utf8").trim();
  const ours = binaries.version.split(".")[0];
  if (found !== ours)
    throw new PostgresError(`${home.data} was made by PostgreSQL ${found}, this is ${ours}: start with --reset to begin anew`);
};

/**
 * Made under another name first: half a cluster is never taken for a whole one. The name is new each time, since an
 * `initdb` whose starter was killed goes on writing for a while.
 */
const makeCluster = async (home: PostgresHome, { initdb, user }: { initdb: string; user: string }): Promise<void> => {
  removeUnfinished(home.folder);
  const unfinished = join(home.folder, `${UNFINISHED}${crypto.randomUUID()}`);
  // Without an encoding, a machine without LANG gets SQL_ASCII; the builtin locale sorts alike on every machine.
  const encoding = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"];
  const access = [`--username=${user}`, "--auth=scram-sha-256", `--pwfile=${home.passwordFile}`];
  const problem = await problemOf(initdb, { args: ["-D", unfinished, ...access, ...encoding], home });
  if (problem !== undefined) throw new PostgresError(`PostgreSQL cannot make its data: ${problem.trim().replaceAll(/\s+/g, " ")}`);
  renameSync(unfinished, home.data);
  flush(home.folder);
};

const UNFINISHED = "data.new-";

const removeUnfinished = (folder: string): void => {
  for (const name of readdirSync(folder).filter((found) => found.startsWith(UNFINISHED))) {
    try {
      rmSync(join(folder, name), { recursive: true });
    } catch {
      // Somebody still writes to it; the next start will find it again.
    }
  }
};

/** Runs a program in a session of its own, so that a Ctrl-C is ours to handle; answers what it complains of if it fails. */
const problemOf = async (program: string, { args, home }: { args: readonly string[]; home: PostgresHome }): Promise<string | undefined> => {
  const { promise: exited, resolve, reject } = Promise.withResolvers<number | null>();
  const stdio: ["ignore", "ignore", "pipe"] = ["ignore", "ignore", "pipe"];
  const child = spawn(program, args, { cwd: home.folder, env: POSTGRES_ENVIRONMENT, detached: true, stdio, ...home.account });
  child.on("error", reject);
  child.on("exit", resolve);
  try {
    const [code, complaint] = await Promise.all([exited, text(child.stderr)]);
    return code === 0 ? undefined : complaint;
  } catch (error) {
    return String(error);
  }
};

/** Makes the names in a folder as durable as what they name. */
const flush = (folder: string): void => {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
};
