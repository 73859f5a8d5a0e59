import type { JsonObject } from "@cartwright/event-log/event-log";
import { textArray } from "@cartwright/event-log/postgres/array-literal";
import type { SqlClient } from "./postgres/sql-client.ts";

/** Something that is to happen at a time, kept in PostgreSQL until it has. */
export type Timer = {
  /** Names the purpose, e.g. `cart-expiry:<cartId>`: scheduling it again moves it. */
  id: string;
  dueAt: Date;
  kind: string;
  streamId: string;
  payload: JsonObject;
};

export type DueTimer = Timer & {
  /** `timer:<id>@<due time>`: the same each time this timer is tried, another one once it was moved. */
  key: string;
  /** 1 at the first try. */
  attempt: number;
};

/** Must be idempotent under `timer.key`. A throw is tried again, later and later; nothing is given up. */
export type TimerHandler = (timer: DueTimer) => Promise<void>;

/** Inside the caller's transaction: the timers are there if and only if it commits. A timer that exists is moved. */
export const scheduleTimers = async (sql: SqlClient, schema: string, timers: readonly Timer[]): Promise<void> => {
  if (timers.length === 0) return;
  // The last of each id counts; one order for all, so that two transactions never wait for each other.
  const distinct = [...new Map(timers.map((timer) => [timer.id, timer])).values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  await sql.unsafe(
    `insert into ${schema}.timer as known (id, due_at, next_at, kind, stream_id, payload)
     select t.id, t.due_at, t.due_at, t.kind, t.stream_id, t.payload::jsonb
     from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[]) t(id, due_at, kind, stream_id, payload)
     on conflict (id) do update set due_at = excluded.due_at, next_at = excluded.due_at, kind = excluded.kind, stream_id = excluded.stream_id,
       payload = excluded.payload, generation = known.generation + 1, attempts = 0, last_error = null`,
    [
      textArray(distinct.map(({ id }) => id)),
      textArray(distinct.map(({ dueAt }) => dueAt.toISOString())),
      textArray(distinct.map(({ kind }) => kind)),
      textArray(distinct.map(({ streamId }) => streamId)),
      textArray(distinct.map(({ payload }) => JSON.stringify(payload))),
    ],
    { prepare: true },
  );
};

/** Inside the caller's transaction. Timers that are not there, or have fired, are none of its business. */
export const cancelTimers = async (sql: SqlClient, schema: string, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await sql.unsafe(
    `delete from ${schema}.timer where id in (select id from ${schema}.timer where id = any($1::text[]) order by id for update)`,
    [textArray(ids)],
    { prepare: true },
  );
};
