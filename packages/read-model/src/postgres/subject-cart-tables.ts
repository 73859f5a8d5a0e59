import type postgres from "postgres";

/** What the index began with that is fed today; the one before it did not know what was ordered. */
export const firstSubjectCartVersion = 2;

/** Where a version of the index is kept; the first has the name that it always had. */
export const subjectCartTableOf = (version: number): string =>
  version === firstSubjectCartVersion ? "subject_cart" : `subject_cart_${version}`;

/** A table for another version beside those that are there. As the schema's owner. */
export const createSubjectCartTable = async (
  sql: postgres.Sql | postgres.TransactionSql,
  schema: string,
  version: number,
): Promise<void> => {
  const table = subjectCartTableOf(version);
  await sql.unsafe(`
    create table if not exists ${schema}.${table} (
      cart_id uuid primary key,
      subject text collate "C" not null,
      opened_at timestamptz not null,
      placed_at timestamptz
    );
    create index if not exists ${table}_by_subject on ${schema}.${table} (subject, opened_at desc, cart_id desc);
    create index if not exists ${table}_by_placement on ${schema}.${table} (subject, placed_at desc, cart_id desc)
      where placed_at is not null;
    select ${schema}.allow('select, insert, update', '${schema}.${table}');`);
};

/** From the next query on this version is read, which `group` feeds. As the schema's owner. */
export const showSubjectCartTable = async (
  sql: postgres.Sql | postgres.TransactionSql,
  schema: string,
  { version, group }: { version: number; group: string },
): Promise<void> => {
  await sql.unsafe(`
    create or replace function ${schema}.shown_subject_cart_group() returns text language sql immutable as $$ select '${group}' $$;
    create or replace view ${schema}.shown_subject_cart as
      select cart_id, subject, opened_at, placed_at from ${schema}.${subjectCartTableOf(version)}`);
};
