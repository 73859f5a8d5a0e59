import type postgres from "postgres";

/**
 * The same server under the role `<schema>_service`, which may read and insert events but not change them. Where the
 * server keeps roles for itself, the login's own rights stay. What its limits are for: `docs/postgresql.md`.
 */
export const serviceConnection = async (
  owner: postgres.Sql,
  { connection, schema }: { connection: postgres.Options<Record<string, never>>; schema: string },
): Promise<postgres.Options<Record<string, never>>> => {
  const role = `${schema}_service`;
  const [server] = await owner<{ hasRole: boolean; limitsTransactions: boolean }[]>`
    select
      exists (select from pg_roles where rolname = ${role} and pg_has_role(current_user, oid, 'member')) as "hasRole",
      exists (select from pg_settings where name = 'transaction_timeout') as "limitsTransactions"`;
  const settings = {
    ...connection.connection,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    ...(server?.limitsTransactions && { transaction_timeout: TRANSACTION_MS }),
    ...(server?.hasRole && { role }),
  };
  return { ...connection, backoff, max_pipeline: 0, answer_timeout: connection.answer_timeout ?? ANSWER_S, connection: settings };
};

/**
 * Seconds until a connection is tried again, during which queries wait: a server that is back is found within half of one,
 * and one that stays away is told of as soon, not after the driver's twenty.
 */
const backoff = (attempt: number) => Math.min(0.5, 0.01 * 2 ** attempt);

/** A process that is frozen between two statements of a transaction must not keep its locks from those who take its work over. */
export const IDLE_IN_TRANSACTION_MS = 10_000;

/**
 * Nor must one that is frozen in the middle of a statement, after the server has been asked what its parameters are: for the server that is
 * no idle session, and it does not end a statement while it waits for the rest of it (`statement_timeout`). From PostgreSQL 17 on.
 */
const TRANSACTION_MS = 30_000;

/** A server that vanished without closing its connections owes answers for as long as the kernel tries, which is a quarter of an hour. */
const ANSWER_S = 40;

/** For statements that may take long and keep nothing that others wait for. */
export const withoutTimeLimit = (connection: postgres.Options<Record<string, never>>): postgres.Options<Record<string, never>> => {
  const { transaction_timeout: _, ...settings } = connection.connection ?? {};
  return { ...connection, answer_timeout: null, connection: settings };
};
