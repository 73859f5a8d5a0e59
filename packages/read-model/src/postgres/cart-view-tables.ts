import type postgres from "postgres";

/** Where a version of the projection is kept; the first has the name that it always had. */
export const cartViewTableOf = (version: number): string => (version === 1 ? "cart_view" : `cart_view_${version}`);

/** A table for another version beside those that are there. As the schema's owner. */
export const createCartViewTable = async (sql: postgres.Sql | postgres.TransactionSql, schema: string, version: number): Promise<void> => {
  const table = cartViewTableOf(version);
  await sql.unsafe(`
    create table if not exists ${schema}.${table} (
      cart_id uuid primary key,
      subject text collate "C" not null,
      status text not null,
      version integer not null,
      opened_at timestamptz not null,
      updated_at timestamptz not null,
      view text not null,
      remainder text not null,
      placed_at timestamptz
    ) with (fillfactor = 60);
    create index if not exists ${table}_by_subject on ${schema}.${table} (subject, opened_at desc);
    create index if not exists ${table}_by_placement on ${schema}.${table} (subject, placed_at desc) where placed_at is not null;
    select ${schema}.allow('select, insert, update', '${schema}.${table}');`);
};

/** From the next query on this version is read, which `group` feeds. As the schema's owner. */
export const showCartViewTable = async (
  sql: postgres.Sql | postgres.TransactionSql,
  schema: string,
  { version, group }: { version: number; group: string },
): Promise<void> => {
  await sql.unsafe(`
    create or replace function ${schema}.shown_cart_group() returns text language sql immutable as $$ select '${group}' $$;
    create or replace view ${schema}.shown_cart_view as
      select cart_id, subject, status, version, opened_at, updated_at, view, placed_at from ${schema}.${cartViewTableOf(version)}`);
};
