import postgres from "postgres";
import { IDLE_IN_TRANSACTION_MS } from "./service-connection.ts";

/**
 * Does what only the schema's owner may, on a connection that is there for that alone. Its end is not waited for longer than a
 * goodbye takes: what has been done is done, and a server that does not answer any more must not keep what comes next.
 */
export const asOwner = async <Result>(
  connection: postgres.Options<Record<string, never>>,
  work: (owner: postgres.Sql) => Promise<Result>,
): Promise<Result> => {
  const settings = { ...connection.connection, idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS };
  const owner = postgres({ ...connection, connection: settings, max: 1, onnotice: () => {} });
  try {
    return await work(owner);
  } finally {
    await owner.end({ timeout: END_S });
  }
};

const END_S = 5;
