import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const placedAtOfCartView: Migration = {
  number: 3,
  name: "placed-at",
  sql: (schema) => `
-- By what a subject's orders are listed. In the table of every version that there is.
do $$
declare
  one text;
begin
  for one in
    select c.relname from pg_class c
    where c.relnamespace = '${schema}'::regnamespace and c.relkind = 'r' and c.relname ~ '^cart_view(_[0-9]+)?$'
  loop
    execute format('alter table ${schema}.%I add column placed_at timestamptz', one);
    execute format('create index %I on ${schema}.%I (subject, placed_at desc) where placed_at is not null', one || '_by_placement', one);
  end loop;

  select used.table_name into strict one from information_schema.view_table_usage used
  where used.view_schema = '${schema}' and used.view_name = 'shown_cart_view';
  execute format('create or replace view ${schema}.shown_cart_view as
    select cart_id, subject, status, version, opened_at, updated_at, view, placed_at from ${schema}.%I', one);
end $$;
`,
};
