import type postgres from "postgres";

/**
 * Grants again what the making of the versions' tables has granted: grants are lost where a database is restored to a server
 * that did not have the role. As the schema's owner.
 */
export const allowVersionTables = async (sql: postgres.Sql, schema: string): Promise<void> => {
  await sql`
    select ${sql(schema)}.allow('select, insert, update', format('%I.%I', schemaname, tablename))
    from pg_tables where schemaname = ${schema} and tablename ~ '^(cart_view|subject_cart)_[0-9]+$'`;
};
