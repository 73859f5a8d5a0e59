import type postgres from "postgres";

/** A pool, or a transaction that the caller has begun and will end. */
export type SqlClient = postgres.Sql | postgres.TransactionSql;
