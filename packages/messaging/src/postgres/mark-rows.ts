import { intArray, textArray } from "@cartwright/event-log/postgres/array-literal";
import type { GroupOnLog, Mark } from "../mark.ts";
import type { MarkMove } from "../progress.ts";
import type { SqlClient } from "./sql-client.ts";

type Row = { shard: number; epoch: string; pos: string; event_id: string | null };

export const selectMarks = async (sql: SqlClient, schema: string, of: GroupOnLog): Promise<ReadonlyMap<number, Mark>> => {
  const rows = await sql.unsafe<Row[]>(`select * from ${schema}.marks($1, $2)`, [of.group, of.log], { prepare: true });
  return new Map(rows.map((row) => [row.shard, toMark(row)]));
};

export const insertMarks = async (
  sql: SqlClient,
  schema: string,
  { group, log, marks }: GroupOnLog & { marks: ReadonlyMap<number, Mark> },
): Promise<void> => {
  const entries = [...marks].sort(([left], [right]) => left - right);
  await sql.unsafe(
    `with begun as (
       insert into ${schema}.mark_shard (consumer_group, log, shard) select $1, $2, shard from unnest($3::smallint[]) shard
       on conflict do nothing returning shard
     )
     insert into ${schema}.mark (consumer_group, log, shard, epoch, position, event_id)
     select $1, $2, m.* from unnest($3::smallint[], $4::text[], $5::bigint[], $6::uuid[]) m(shard, epoch, position, event_id)
     where m.shard in (select shard from begun)`,
    [group, log, intArray(entries.map(([shard]) => shard)), ...markArrays(entries.map(([, mark]) => mark))],
  );
};

/** @returns the shards whose mark was not at `from`. */
export const moveMarks = async (
  sql: SqlClient,
  schema: string,
  { group, log, ...rest }: GroupOnLog & { moves: readonly MarkMove[] },
): Promise<readonly number[]> => {
  const moves = rest.moves.toSorted((left, right) => left.shard - right.shard);
  const rows = await sql.unsafe<{ shard: number }[]>(
    `select move_marks as shard from ${schema}.move_marks(
       $1, $2, $3::smallint[], $4::text[], $5::bigint[], $6::uuid[], $7::text[], $8::bigint[], $9::uuid[])`,
    [
      group,
      log,
      intArray(moves.map(({ shard }) => shard)),
      ...markArrays(moves.map(({ from }) => from)),
      ...markArrays(moves.map(({ to }) => to)),
    ],
    { prepare: true },
  );
  return missing(moves, rows);
};

const missing = (wanted: readonly { shard: number }[], found: readonly { shard: number }[]): readonly number[] => {
  const shards = new Set(found.map(({ shard }) => shard));
  return wanted.flatMap(({ shard }) => (shards.has(shard) ? [] : [shard]));
};

const toMark = (row: Row): Mark => ({ epoch: row.epoch, position: BigInt(row.pos), eventId: row.event_id });

const markArrays = (marks: readonly Mark[]): [string, string, string] => [
  textArray(marks.map(({ epoch }) => epoch)),
  `{${marks.map(({ position }) => position).join(",")}}`,
  textArray(marks.map(({ eventId }) => eventId)),
];
