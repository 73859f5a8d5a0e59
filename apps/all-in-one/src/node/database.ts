import { clearEmbeddedPostgres, startEmbeddedPostgres } from "@cartwright/service-kit/node/embedded-postgres";
import type { ProcessScope } from "@cartwright/service-kit/node/lifecycle";
import { absenceOf } from "@cartwright/service-kit/node/patient-start";
import type { ProcessLogger } from "@cartwright/service-kit/node/process-logger";
import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";
import postgres from "postgres";

export type DatabaseOptions = {
  readonly scope: ProcessScope;
  readonly logger: ProcessLogger;
  readonly dataDir: string;
  /** Whether to begin with an empty database. */
  readonly reset: boolean;
  /** The PostgreSQL that is configured, if one is. */
  readonly configured: PostgresConnection | undefined;
};

/**
 * The configured PostgreSQL, else an embedded one, whose unexpected end is the end of the process.
 *
 * @throws {ResetRefused} when the database to be cleared is not ours, and {DatabaseAway} when the configured one is not there.
 */
export const openDatabase = async ({ scope, logger, dataDir, reset, configured }: DatabaseOptions): Promise<PostgresConnection> => {
  if (configured && reset)
    throw new ResetRefused("--reset clears the embedded database alone, and POSTGRES_CONNECTION_STRING names another");
  if (configured) return await answering(configured);
  if (reset) await clearEmbeddedPostgres({ dataDir, logger });
  const server = scope.use(await startEmbeddedPostgres({ dataDir, logger }));
  void server.exited.then((failure) => failure && scope.fail(failure));
  return server.connection;
};

export class ResetRefused extends Error {
  override readonly name = "ResetRefused";
  readonly retryable = false;
}

export class DatabaseAway extends Error {
  override readonly name = "DatabaseAway";
  readonly retryable = true;
}

/** @throws {DatabaseAway} in words that name the variable, where nobody answers there or lets us in. */
const answering = async (configured: PostgresConnection): Promise<PostgresConnection> => {
  const sql = postgres({ ...configured, max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await sql`select 1`;
    return configured;
  } catch (cause) {
    const absence = absenceOf(cause);
    if (absence === null) throw cause;
    throw new DatabaseAway(`${absence}. Is it up, and is it where POSTGRES_CONNECTION_STRING says?`, { cause });
  } finally {
    await sql.end({ timeout: 1 });
  }
};
