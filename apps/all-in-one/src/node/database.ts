import { clearEmbeddedPostgres, type PostgresConnection, startEmbeddedPostgres } from "@cartwright/service-kit/node/embedded-postgres";
import type { ProcessScope } from "@cartwright/service-kit/node/lifecycle";
import type { ProcessLogger } from "@cartwright/service-kit/node/process-logger";
import { ConfigError } from "../config.ts";

export type DatabaseOptions = {
  readonly scope: ProcessScope;
  readonly logger: ProcessLogger;
  readonly dataDir: string;
  readonly reset: boolean;
  readonly connectionString: string | undefined;
};

/** The PostgreSQL that is configured, else an embedded one, whose unexpected end is the end of the process. */
export const openDatabase = async (options: DatabaseOptions): Promise<PostgresConnection | string> => {
  const { scope, logger, dataDir, reset, connectionString } = options;
  if (connectionString && reset)
    throw new ConfigError("--reset clears the embedded database; POSTGRES_CONNECTION_STRING names another one");
  if (connectionString) return connectionString;
  if (reset) await clearEmbeddedPostgres({ dataDir, logger });
  const server = scope.use(await startEmbeddedPostgres({ dataDir, logger }));
  void server.exited.then((failure) => failure && scope.fail(failure));
  return server.connection;
};
