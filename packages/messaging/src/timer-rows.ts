import type { JsonObject } from "@cartwright/event-log/event-log";
import { intArray, textArray } from "@cartwright/event-log/postgres/array-literal";
import type postgres from "postgres";
import type { Timer } from "./timers.ts";

export type TakenTimer = Timer & { attempt: number; generation: number };
type Row = { id: string; due_at: Date; kind: string; stream_id: string; payload: JsonObject; attempts: number; generation: number };

/** The table of timers, as one worker sees it. */
export const timerRows = (sql: postgres.Sql, schema: string, kinds: readonly string[]) => ({
  async take({ now, until, limit }: { now: Date; until: Date; limit: number }): Promise<readonly TakenTimer[]> {
    const rows = await sql.unsafe<Row[]>(
      `update ${schema}.timer t set next_at = $2, attempts = attempts + 1
       from (select id from ${schema}.timer where next_at <= $1 and kind = any($3::text[]) order by next_at limit $4 for update skip locked) due
       where t.id = due.id returning t.*`,
      [now, until, textArray(kinds), limit],
      { prepare: true },
    );
    return rows.map((row) => ({
      id: row.id,
      dueAt: row.due_at,
      kind: row.kind,
      streamId: row.stream_id,
      payload: row.payload,
      attempt: row.attempts,
      generation: row.generation,
    }));
  },

  /** Those that were moved meanwhile stay, and those that were cancelled and set anew, whose generations begin again. */
  async remove(timers: readonly TakenTimer[]): Promise<void> {
    await sql.unsafe(
      `delete from ${schema}.timer t using unnest($1::text[], $2::integer[], $3::timestamptz[]) d(id, generation, due_at)
       where t.id = d.id and t.generation = d.generation and t.due_at = d.due_at`,
      [
        textArray(timers.map(({ id }) => id)),
        intArray(timers.map(({ generation }) => generation)),
        textArray(timers.map(({ dueAt }) => dueAt.toISOString())),
      ],
      { prepare: true },
    );
  },

  async putOff({ id, generation, dueAt }: TakenTimer, { nextAt, error }: { nextAt: Date; error: string }): Promise<void> {
    await sql.unsafe(
      `update ${schema}.timer set next_at = $3, last_error = $4 where id = $1 and generation = $2 and due_at = $5`,
      [id, generation, nextAt, error, dueAt],
      { prepare: true },
    );
  },

  /** When the next one wants to be looked at, and since when the oldest has been due: of a kind that nobody knows, or tried and failing. */
  async next(now: Date): Promise<{ nextAt: Date | null; oldestDue: Date | null }> {
    const [row] = await sql.unsafe<{ next_at: Date | null; oldest_due: Date | null }[]>(
      `select (select next_at from ${schema}.timer where kind = any($1::text[]) order by next_at limit 1) as next_at,
         least((select min(due_at) from ${schema}.timer where next_at <= $2), (select min(due_at) from ${schema}.timer where attempts > 0)) as oldest_due`,
      [textArray(kinds), now],
      { prepare: true },
    );
    return { nextAt: row?.next_at ?? null, oldestDue: row?.oldest_due ?? null };
  },
});
