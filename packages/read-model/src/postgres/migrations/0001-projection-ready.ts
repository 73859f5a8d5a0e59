import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const projectionReadyTable: Migration = {
  number: 1,
  name: "projection-ready",
  sql: (schema) => `
-- Where the log's shard ended when a group began to fill what it keeps: from there on it has all that there is.
create table ${schema}.projection_ready (
  consumer_group text not null,
  shard smallint not null,
  position bigint not null check (position >= 0),
  primary key (consumer_group, shard)
);
select ${schema}.allow('select, insert', '${schema}.projection_ready');

-- How far a group on the cart's log is, in one look with what it keeps. Nothing where no projector has made its tables yet.
create function ${schema}.projection_marks(p_group text) returns table (shard smallint, pos bigint, ready_at bigint)
language plpgsql stable as $$
#variable_conflict use_column
begin
  if to_regclass('${schema}.mark_shard') is null then return; end if;
  return query
    select m.shard, m.pos, r.position from ${schema}.marks(p_group, 'cart') m
    join ${schema}.projection_ready r on r.consumer_group = p_group and r.shard = m.shard;
end $$;

-- What was kept before this was asked for has long been filled.
do $$ begin
  if to_regclass('${schema}.mark_shard') is not null then
    insert into ${schema}.projection_ready (consumer_group, shard, position)
      select consumer_group, shard, 0 from ${schema}.mark_shard where consumer_group ~ '^projector\\.cart-view(\\.[0-9]+)?$';
  end if;
end $$;
`,
};
