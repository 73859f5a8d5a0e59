import type { Migration } from "../migrate.ts";

/** Between the texts of a list: U+001F, the unit separator, which no stored text may hold. */
const separator = "chr(31)";

/** Keys and inputs are as long as callers like; half of a SHA-256 tells them apart. */
export const digest = (text: string) => `substring(sha256(convert_to(${text}, 'UTF8')) for 16)`;

/** -1 is any version, -2 any but none. */
const fits = (expected: string, actual: string) =>
  `case ${expected} when -1 then true when -2 then ${actual} > 0 else ${actual} = ${expected} end`;

export const eventLogMigration: Migration = {
  number: 1,
  name: "event-log",
  sql: (schema) => `
create table ${schema}.log (
  only_row boolean primary key default true check (only_row),
  shards smallint not null,
  epoch uuid not null,
  -- Which database the epoch was made for: a restored copy finds itself elsewhere and makes a new one.
  home text not null,
  created_at timestamptz not null default now()
);

create table ${schema}.event (
  shard smallint not null,
  position bigint not null,
  stream_id text collate "C" not null,
  version integer not null,
  event_id uuid not null,
  type text not null,
  schema_version smallint not null,
  -- json, not jsonb: the bytes stay as they were written, and parsing them twice over costs a third of an append.
  data json not null,
  metadata json not null,
  recorded_at timestamptz not null,
  primary key (shard, position),
  unique (stream_id, version)
);

create function ${schema}.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'events are never changed: % on %.% is refused', tg_op, tg_table_schema, tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger event_is_append_only before update or delete or truncate on ${schema}.event
  for each statement execute function ${schema}.refuse_change();

create table ${schema}.receipt (
  shard smallint not null,
  key bytea not null,
  fingerprint bytea not null,
  stream_id text collate "C" not null,
  version integer not null,
  position bigint not null,
  answer json,
  answered_at timestamptz not null,
  primary key (shard, key)
);
create index receipt_by_age on ${schema}.receipt using brin (answered_at);

create table ${schema}.claim (
  key text collate "C" primary key,
  count bigint not null default 0,
  holder text
);

${appendBatch(schema)}

select ${schema}.allow('select', '${schema}.migration');
select ${schema}.allow('select, update', '${schema}.log');
select ${schema}.allow('select, insert', '${schema}.event');
select ${schema}.allow('select, insert, delete', '${schema}.receipt');
select ${schema}.allow('select, insert, update, delete', '${schema}.claim');
`,
};

/**
 * One call is one transaction and one fsync. Arrays in step: s_ one row a stream of a unit, e_ an event, r_ a command,
 * c_ a claim. A unit holds each stream at most once and a call holds each stream and key at most once, so nothing in a
 * call depends on another unit of it but claims, which are taken one unit after another.
 * Lists of text come as one text with separators: no element has a control character, and a split is far cheaper than
 * the parsing of an array's escapes. SRFs stand in select lists, where they run in step without a tuplestore each.
 * Answers rows of kind stream (written), conflict, claim (refused) and receipt (answered before); idx counts from 1.
 */
const appendBatch = (schema: string) => `
create function ${schema}.append_batch(
  p_shards integer[],
  s_unit integer[], s_streams text, s_shard integer[], s_expect integer[], s_count integer[], s_before integer[],
  e_row integer[], e_nth integer[], e_streams text, e_ids text, e_types text, e_schema integer[], e_data text, e_metadata text,
  r_unit integer[], r_row integer[], r_through integer[], r_streams text, r_keys text, r_fingerprints text, r_answers text,
  c_unit integer[], c_kinds text, c_keys text, c_delta bigint[], c_at_most bigint[], c_holders text
) returns table (kind text, idx integer, version integer, pos bigint, same boolean, named text, answer json, at timestamptz)
language plpgsql as $$
#variable_conflict use_column
declare
  one_shard integer;
  optimistic boolean := cardinality(c_unit) = 0;
  recorded timestamptz;
  actual integer[];      -- by s_ row: the stream's version before
  ok boolean[];          -- by unit: null when answered before, false when refused
  answered integer[];
  heads bigint[];        -- by shard + 1
  starts bigint[];       -- by s_ row: the position before its first event
  failed_claim integer[] := '{}';
  one_unit integer;
  one_claim record;
  touched integer;
  r_key bytea[];
  c_key text[];
begin
  -- Statements of their own: what follows then sees everything that a holder before us has committed.
  foreach one_shard in array p_shards loop
    perform pg_advisory_xact_lock(hashtext('${schema}.event'), one_shard);
  end loop;
  recorded := clock_timestamp();

  r_key := array(select ${digest("u.key")} from (select unnest(string_to_array(r_keys, ${separator})) as key) u);
  -- First as if all streams were new that should be and get events, and no command were a retry: where that is wrong the
  -- unique indexes say so, what was written is taken back, and each unit is looked at for itself.
  loop
    begin
      actual := array(
        select case when optimistic and u.expect = 0 and u.count > 0 then 0 else coalesce(
          (select e.version from ${schema}.event e where e.stream_id = u.stream order by e.version desc limit 1), 0) end
        from (select unnest(string_to_array(s_streams, ${separator})) as stream, unnest(s_expect) as expect, unnest(s_count) as count) u);

      if optimistic then
        ok := array_fill(true, array[s_unit[cardinality(s_unit)]]);
        if exists (select from (select unnest(s_expect) as expect, unnest(actual) as actual) u where not ${fits("u.expect", "u.actual")}) then
          optimistic := false;
          continue;
        end if;
      else
        select array_agg(g.good order by g.unit) into ok from (
          select u.unit, bool_and(${fits("u.expect", "actual[u.n]")}) as good
          from unnest(s_unit, s_expect) with ordinality u(unit, expect, n) group by u.unit
        ) g;
      end if;
      if not optimistic then
        select array_agg(distinct r.unit) into answered from (select unnest(r_unit) as unit, unnest(r_row) as srow, unnest(r_key) as key) r
          where exists (select from ${schema}.receipt x where x.shard = s_shard[r.srow] and x.key = r.key);
        foreach one_unit in array coalesce(answered, '{}') loop
          ok[one_unit] := null;
        end loop;
      end if;

      if cardinality(c_unit) > 0 then
        c_key := string_to_array(c_keys, ${separator});
        -- All claims of the call in the order of their keys, so that two calls never wait for each other.
        insert into ${schema}.claim (key) select distinct k from unnest(c_key) k order by k on conflict do nothing;
        perform from ${schema}.claim where key = any(c_key) order by key for update;
        for one_unit in select distinct u from unnest(c_unit) u where ok[u] order by u loop
          begin
            for one_claim in
              select c.* from unnest(c_unit, string_to_array(c_kinds, ${separator}), c_key, c_delta, c_at_most, string_to_array(c_holders, ${separator}, ''))
                with ordinality c(unit, kind, key, delta, at_most, holder, n)
              where c.unit = one_unit order by c.key, c.n
            loop
              case one_claim.kind
                when 'count' then
                  update ${schema}.claim set count = count + one_claim.delta
                    where key = one_claim.key and count + one_claim.delta >= 0
                      and (one_claim.delta <= 0 or count + one_claim.delta <= one_claim.at_most);
                when 'hold' then
                  update ${schema}.claim set holder = one_claim.holder
                    where key = one_claim.key and (holder is null or holder = one_claim.holder);
                when 'holdIfFree' then
                  update ${schema}.claim set holder = coalesce(holder, one_claim.holder) where key = one_claim.key;
                when 'release' then
                  update ${schema}.claim set holder = nullif(holder, one_claim.holder) where key = one_claim.key;
              end case;
              get diagnostics touched = row_count;
              if touched = 0 then
                raise exception using errcode = 'CW001', message = one_claim.n::text;
              end if;
            end loop;
          exception when sqlstate 'CW001' then
            ok[one_unit] := false;
            failed_claim := failed_claim || sqlerrm::integer;
          end;
        end loop;
      end if;

      select array_agg(coalesce(case when g = any(p_shards) then
          (select e.position from ${schema}.event e where e.shard = g order by e.position desc limit 1) end, 0) order by g)
        into heads from generate_series(0, (select max(m) from unnest(p_shards) m)) g;

      if optimistic then
        starts := array(select heads[u.shard + 1] + u.before from (select unnest(s_shard) as shard, unnest(s_before) as before) u);
      else
        select array_agg(p.start order by p.n) into starts from (
          select u.n, heads[u.shard + 1] - u.count + sum(case when ok[u.unit] then u.count else 0 end) over (partition by u.shard order by u.n) as start
          from unnest(s_unit, s_shard, s_count) with ordinality u(unit, shard, count, n)
        ) p;
      end if;

      insert into ${schema}.event (shard, position, stream_id, version, event_id, type, schema_version, data, metadata, recorded_at)
        select s_shard[e.srow], starts[e.srow] + e.nth, e.stream, actual[e.srow] + e.nth, e.id::uuid, e.type, e.schema, e.data::json, e.metadata::json, recorded
        from (
          select unnest(e_row) as srow, unnest(e_nth) as nth, unnest(e_schema) as schema,
            unnest(string_to_array(e_streams, ${separator})) as stream, unnest(string_to_array(e_ids, ${separator})) as id,
            unnest(string_to_array(e_types, ${separator})) as type, unnest(string_to_array(e_data, ${separator})) as data,
            unnest(string_to_array(e_metadata, ${separator})) as metadata
        ) e where ok[s_unit[e.srow]];

      insert into ${schema}.receipt (shard, key, fingerprint, stream_id, version, position, answer, answered_at)
        select s_shard[r.srow], r.key, ${digest("r.fingerprint")}, r.stream,
          actual[r.srow] + r.through, starts[r.srow] + r.through, r.answer::json, recorded
        from (
          select unnest(r_unit) as unit, unnest(r_row) as srow, unnest(r_through) as through, unnest(r_key) as key,
            unnest(string_to_array(r_streams, ${separator})) as stream, unnest(string_to_array(r_fingerprints, ${separator})) as fingerprint,
            unnest(string_to_array(r_answers, ${separator}, '')) as answer
        ) r where ok[r.unit];
      exit;
    exception when unique_violation then
      if not optimistic then
        raise;
      end if;
      optimistic := false;
    end;
  end loop;

  if optimistic then
    return query select 'all', null::integer, null::integer, null::bigint, null::boolean, null,
      json_build_object('before', actual, 'starts', starts), recorded;
    return;
  end if;
  return query
    select 'stream', u.n::integer, actual[u.n] + u.count, starts[u.n] + u.count, null::boolean, null, null::json, recorded
      from unnest(s_unit, s_count) with ordinality u(unit, count, n) where ok[u.unit];
  if array_position(ok, false) is not null or array_position(ok, null) is not null then
    return query
      select 'conflict', u.n::integer, actual[u.n], null::bigint, null::boolean, null, null::json, recorded
        from unnest(s_unit, s_expect) with ordinality u(unit, expect, n)
        where ok[u.unit] is false and not ${fits("u.expect", "actual[u.n]")}
      union all
      select 'claim', f, null, c.count, null, c.holder, null, recorded
        from unnest(failed_claim) f join ${schema}.claim c on c.key = c_key[f]
      union all
      select 'receipt', r.n::integer, x.version, x.position, x.fingerprint = ${digest("r.fingerprint")}, x.stream_id, x.answer, recorded
        from unnest(r_unit, r_row, r_key, string_to_array(r_fingerprints, ${separator})) with ordinality r(unit, srow, key, fingerprint, n)
        join ${schema}.receipt x on x.shard = s_shard[r.srow] and x.key = r.key
        where ok[r.unit] is null;
  end if;
  if cardinality(c_unit) > 0 then
    delete from ${schema}.claim where key = any(c_key) and count = 0 and holder is null;
  end if;
end $$;
`;
