import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { OpsError } from "./ops-error.ts";

/**
 * How to reach the embedded PostgreSQL that runs on `dataDir` now.
 *
 * @throws {OpsError} when none runs, or this account may not reach it.
 */
export const runningPostgres = (dataDir: string) => {
  const run = join(dataDir, "run");
  if (!existsSync(join(run, ".s.PGSQL.5432")))
    throw new OpsError("nothing runs here: start Cartwright first, or set POSTGRES_CONNECTION_STRING");
  try {
    const password = readFileSync(join(dataDir, "password"), "utf8").trim();
    return { host: realpathSync(run), port: 5432, user: "cartwright", database: "cartwright", password };
  } catch (cause) {
    throw new OpsError("the database belongs to another account: run this as the account that started Cartwright", { cause });
  }
};
