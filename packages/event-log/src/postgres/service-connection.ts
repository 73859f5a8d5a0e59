import type postgres from "postgres";

/**
 * The same server under the role `<schema>_service`, which may read and insert events but not change them. Where the
 * server keeps roles for itself, the login's own rights stay. A lost connection is soon tried again.
 */
export const serviceConnection = async (
  owner: postgres.Sql,
  { connection, schema }: { connection: postgres.Options<Record<string, never>>; schema: string },
): Promise<postgres.Options<Record<string, never>>> => {
  const role = `${schema}_service`;
  const [row] = await owner<{ usable: boolean }[]>`
    select exists (select from pg_roles where rolname = ${role} and pg_has_role(current_user, oid, 'member')) as usable`;
  const settings = { ...connection.connection, idle_in_transaction_session_timeout: idleInTransactionMs };
  return { ...connection, backoff, connection: row?.usable ? { ...settings, role } : settings };
};

/**
 * Seconds until a connection is tried again, during which queries wait: a server that is back is found within half of one,
 * and one that stays away is told of as soon, not after the driver's twenty.
 */
const backoff = (attempt: number) => Math.min(0.5, 0.01 * 2 ** attempt);

/** A process that is frozen in the middle of a transaction must not keep its locks from those who take its work over. */
const idleInTransactionMs = 10_000;
