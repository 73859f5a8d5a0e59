import type { Migration } from "../migrate.ts";

export const epochsMigration: Migration = {
  number: 2,
  name: "epochs",
  sql: (schema) => `
create table ${schema}.epoch (
  number integer primary key generated always as identity,
  epoch uuid not null unique,
  -- By shard, where the log ended when the epoch began: up to there it is the log of the epoch before.
  began_at bigint[] not null,
  opened_at timestamptz not null default now()
);
insert into ${schema}.epoch (epoch, began_at, opened_at)
  select epoch, array_fill(0::bigint, array[shards::integer]), created_at from ${schema}.log;

-- Whoever calls it holds the only row of the log's, or is alone with it.
create function ${schema}.note_epoch() returns void language sql as $$
  insert into ${schema}.epoch (epoch, began_at)
    select l.epoch, array(
      select coalesce((select e.position from ${schema}.event e where e.shard = g order by e.position desc limit 1), 0)
      from generate_series(0, l.shards - 1) g order by g)
    from ${schema}.log l
  on conflict (epoch) do nothing
$$;

select ${schema}.allow('select', '${schema}.epoch');
`,
};
