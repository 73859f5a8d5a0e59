import type postgres from "postgres";

/**
 * The same server under the role `<schema>_service`, which may read and insert events but not change them. Where the
 * server keeps roles for itself, the login's own rights stay.
 */
export const serviceConnection = async (
  owner: postgres.Sql,
  { connection, schema }: { connection: postgres.Options<Record<string, never>>; schema: string },
): Promise<postgres.Options<Record<string, never>>> => {
  const role = `${schema}_service`;
  const [row] = await owner<{ usable: boolean }[]>`
    select exists (select from pg_roles where rolname = ${role} and pg_has_role(current_user, oid, 'member')) as usable`;
  const settings = { ...connection.connection, idle_in_transaction_session_timeout: idleInTransactionMs };
  return { ...connection, connection: row?.usable ? { ...settings, role } : settings };
};

/** A process that is frozen in the middle of a transaction must not keep its locks from those who take its work over. */
const idleInTransactionMs = 10_000;
