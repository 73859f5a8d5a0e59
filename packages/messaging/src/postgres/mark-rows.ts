import { intArray, textArray } from "@cartwright/event-log/postgres/array-literal";
import type { GroupOnLog, Mark } from "../mark.ts";
import type { MarkMove } from "../progress.ts";
import type { SqlClient } from "./sql-client.ts";

type Row = { shard: number; epoch: string; position: string; event_id: string | null };

export const selectMarks = async (sql: SqlClient, schema: string, of: GroupOnLog): Promise<ReadonlyMap<number, Mark>> => {
  const rows = await sql.unsafe<Row[]>(
    `select shard, epoch, position, event_id from ${schema}.mark where consumer_group = $1 and log = $2`,
    [of.group, of.log],
    { prepare: true },
  );
  return new Map(rows.map((row) => [row.shard, toMark(row)]));
};

export const insertMarks = async (
  sql: SqlClient,
  schema: string,
  begin: GroupOnLog & { marks: ReadonlyMap<number, Mark> },
): Promise<void> => {
  const entries = [...begin.marks].sort(([left], [right]) => left - right);
  await sql.unsafe(
    `insert into ${schema}.mark (consumer_group, log, shard, epoch, position, event_id)
     select $1, $2, m.* from unnest($3::smallint[], $4::text[], $5::bigint[], $6::uuid[]) m
     on conflict do nothing`,
    [begin.group, begin.log, intArray(entries.map(([shard]) => shard)), ...markArrays(entries.map(([, mark]) => mark))],
    { prepare: true },
  );
};

/**
 * Locks the marks until the end of the transaction.
 * @returns the shards whose mark is not the expected one.
 */
export const lockMarks = async (
  sql: SqlClient,
  schema: string,
  expected: GroupOnLog & { steps: readonly { shard: number; from: Mark }[] },
): Promise<readonly number[]> => {
  const rows = await sql.unsafe<Row[]>(
    `select shard, epoch, position, event_id from ${schema}.mark
     where consumer_group = $1 and log = $2 and shard = any($3::smallint[]) order by shard for update`,
    [expected.group, expected.log, intArray(expected.steps.map(({ shard }) => shard))],
    { prepare: true },
  );
  const marks = new Map(rows.map((row) => [row.shard, toMark(row)]));
  return expected.steps.flatMap(({ shard, from }) => {
    const mark = marks.get(shard);
    const isThere = mark?.position === from.position && mark.epoch === from.epoch && mark.eventId === from.eventId;
    return isThere ? [] : [shard];
  });
};

/** @returns the shards whose mark was not at `from`. */
export const updateMarks = async (
  sql: SqlClient,
  schema: string,
  { group, log, moves }: GroupOnLog & { moves: readonly MarkMove[] },
): Promise<readonly number[]> => {
  const sorted = moves.toSorted((left, right) => left.shard - right.shard);
  const rows = await sql.unsafe<{ shard: number }[]>(
    `update ${schema}.mark m set epoch = t.to_epoch, position = t.to_position, event_id = t.to_event, moved_at = now()
     from unnest($3::smallint[], $4::text[], $5::bigint[], $6::uuid[], $7::text[], $8::bigint[], $9::uuid[])
       as t(shard, from_epoch, from_position, from_event, to_epoch, to_position, to_event)
     where m.consumer_group = $1 and m.log = $2 and m.shard = t.shard
       and m.epoch = t.from_epoch and m.position = t.from_position and m.event_id is not distinct from t.from_event
     returning m.shard`,
    [
      group,
      log,
      intArray(sorted.map(({ shard }) => shard)),
      ...markArrays(sorted.map(({ from }) => from)),
      ...markArrays(sorted.map(({ to }) => to)),
    ],
    { prepare: true },
  );
  const moved = new Set(rows.map(({ shard }) => shard));
  return sorted.flatMap(({ shard }) => (moved.has(shard) ? [] : [shard]));
};

const toMark = (row: Row): Mark => ({ epoch: row.epoch, position: BigInt(row.position), eventId: row.event_id });

const markArrays = (marks: readonly Mark[]): [string, string, string] => [
  textArray(marks.map(({ epoch }) => epoch)),
  `{${marks.map(({ position }) => position).join(",")}}`,
  textArray(marks.map(({ eventId }) => eventId)),
];
