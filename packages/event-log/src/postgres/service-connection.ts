import type postgres from "postgres";

/**
 * The same server under the role `<schema>_service`, which may read and insert events but not change them. Where the
 * server keeps roles for itself, the login's own rights stay. A lost connection is soon tried again. A transaction has half a
 * minute; see `withoutTimeLimit`. No statement is sent after another one that has not ended: one that waits for a lock would hold up
 * whatever else the pool is asked for, though other connections are free.
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
  return { ...connection, backoff, max_pipeline: 0, connection: settings };
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

/** For what may take long and keeps nothing that others wait for. */
export const withoutTimeLimit = <Result>(sql: postgres.Sql, work: (tx: postgres.TransactionSql) => Promise<Result>) =>
  sql.begin(async (tx) => {
    await tx`select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'`;
    return work(tx);
  });
