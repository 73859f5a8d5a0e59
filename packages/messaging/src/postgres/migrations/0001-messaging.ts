import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const messagingMigration: Migration = {
  number: 1,
  name: "messaging",
  sql: (schema) => `
-- Which marks there are; never changed.
create table ${schema}.mark_shard (
  consumer_group text not null,
  log text not null,
  shard smallint not null,
  primary key (consumer_group, log, shard)
);
-- One row a shard: a move deletes it and inserts the next. A row that is updated in place gets slower with every version
-- that a held-open snapshot keeps; here the newest one is always the first that the index finds.
create table ${schema}.mark (
  consumer_group text not null,
  log text not null,
  shard smallint not null,
  position bigint not null check (position >= 0),
  epoch text not null,
  event_id uuid,
  moved_at timestamptz not null default now(),
  primary key (consumer_group, log, shard, position)
);
${markFunctions(schema)}

create table ${schema}.parked_stream (
  consumer_group text not null,
  log text not null,
  stream_id text not null,
  shard smallint not null,
  state text not null check (state in ('parked', 'retrying')),
  reason text not null,
  attempts integer not null,
  parked_at timestamptz not null default now(),
  primary key (consumer_group, log, stream_id)
);

create table ${schema}.parked_event (
  consumer_group text not null,
  log text not null,
  stream_id text not null,
  version integer not null,
  epoch text not null,
  shard smallint not null,
  position bigint not null,
  event_id uuid not null,
  type text not null,
  schema_version smallint not null,
  data jsonb not null,
  metadata jsonb not null,
  recorded_at timestamptz not null,
  parked_at timestamptz not null default now(),
  discarded_at timestamptz,
  discarded_by text,
  discard_reason text,
  primary key (consumer_group, log, stream_id, event_id)
);
create index parked_event_in_order on ${schema}.parked_event (consumer_group, log, stream_id, version) where discarded_at is null;

create table ${schema}.lease_member (
  consumer_group text not null,
  log text not null,
  owner text not null,
  until timestamptz not null,
  primary key (consumer_group, log, owner)
);
create table ${schema}.shard_lease (
  consumer_group text not null,
  log text not null,
  shard smallint not null,
  owner text not null,
  until timestamptz not null,
  primary key (consumer_group, log, shard)
);

-- next_at: when somebody should look at the row: its due time, the end of its lease, or the next try.
create table ${schema}.timer (
  id text primary key,
  due_at timestamptz not null,
  next_at timestamptz not null,
  kind text not null,
  stream_id text not null,
  payload jsonb not null,
  generation integer not null default 1,
  attempts integer not null default 0,
  last_error text
);
create index timer_by_next_at on ${schema}.timer (next_at);
create index timer_tried on ${schema}.timer (due_at) where attempts > 0;

create table ${schema}.intent (
  id text primary key,
  kind text not null,
  stream_id text not null,
  payload jsonb not null,
  metadata jsonb not null,
  state text not null default 'requested' check (state in ('requested', 'taken', 'unknown', 'done')),
  next_at timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  requested_at timestamptz not null default now(),
  done_at timestamptz
);
create index intent_by_next_at on ${schema}.intent (next_at) where state <> 'done';
create index intent_by_done_at on ${schema}.intent (done_at) where state = 'done';

-- Effects on the outside world go on only in the epoch for which they were let go: a restored log holds them by itself.
create table ${schema}.effects_gate (
  only_row boolean primary key default true check (only_row),
  epoch text not null,
  held boolean not null,
  reason text not null,
  changed_by text not null,
  changed_at timestamptz not null default now()
);

select ${schema}.allow('select, insert', '${schema}.mark_shard');
select ${schema}.allow('select, insert, update, delete', '${schema}.mark');
select ${schema}.allow('select, insert, update, delete', '${schema}.parked_stream');
select ${schema}.allow('select, insert, update, delete', '${schema}.parked_event');
select ${schema}.allow('select, insert, update, delete', '${schema}.lease_member');
select ${schema}.allow('select, insert, update, delete', '${schema}.shard_lease');
select ${schema}.allow('select, insert, update, delete', '${schema}.timer');
select ${schema}.allow('select, insert, update, delete', '${schema}.intent');
select ${schema}.allow('select, insert, update', '${schema}.effects_gate');
`,
};

/** With the plan that stays good however many dead rows there are. */
const markFunctions = (schema: string) => `
create function ${schema}.marks(p_group text, p_log text)
returns table (shard smallint, epoch text, pos bigint, event_id uuid)
language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off as $$
#variable_conflict use_column
begin
  return query
    select s.shard, m.epoch, m.position, m.event_id from ${schema}.mark_shard s
    cross join lateral (
      select * from ${schema}.mark x
      where x.consumer_group = s.consumer_group and x.log = s.log and x.shard = s.shard order by x.position desc limit 1
    ) m
    where s.consumer_group = p_group and s.log = p_log;
end $$;

-- One after another, so that each is looked up by its whole key; callers sort by shard, so that two calls never wait for
-- each other. Answers the shards whose mark was where it was expected.
create function ${schema}.move_marks(
  p_group text, p_log text, f_shard smallint[], f_epoch text[], f_position bigint[], f_event uuid[], t_epoch text[], t_position bigint[], t_event uuid[]
) returns setof smallint
language plpgsql set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  for i in 1 .. cardinality(f_shard) loop
    delete from ${schema}.mark m
      where m.consumer_group = p_group and m.log = p_log and m.shard = f_shard[i] and m.position = f_position[i]
        and m.epoch = f_epoch[i] and m.event_id is not distinct from f_event[i];
    if found then
      insert into ${schema}.mark (consumer_group, log, shard, epoch, position, event_id)
        values (p_group, p_log, f_shard[i], t_epoch[i], t_position[i], t_event[i]);
      return next f_shard[i];
    end if;
  end loop;
end $$;
`;
