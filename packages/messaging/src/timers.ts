import type { JsonObject } from "@cartwright/event-log/event-log";
import { textArray } from "@cartwright/event-log/postgres/array-literal";
import type postgres from "postgres";
import { backoffMs } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { coalesced } from "./coalesced.ts";
import { reasonOf } from "./consumer-context.ts";
import { type Logger, type Metrics, noMetrics, silentLogger } from "./observability.ts";
import { type PollWorker, pollWorker } from "./poll-worker.ts";
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

export type TimerWorkerOptions = {
  sql: postgres.Sql;
  schema: string;
  /** By kind. Timers of other kinds are left for a process that knows them. */
  handlers: { readonly [kind: string]: TimerHandler };
  /** How many fire at once. Default 100. */
  concurrency?: number;
  /** After this a timer that was taken and not finished is taken again. Default 30,000 ms. */
  leaseMs?: number;
  /** The longest time between two looks. Default 1,000 ms. */
  maxPollMs?: number;
  /** The longest time between two tries. Default 300,000 ms. */
  maxBackoffMs?: number;
  clock?: Clock;
  logger?: Logger;
  metrics?: Metrics;
};

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

/** Fires timers when they are due, in as many processes as there are; each timer in one of them at a time. */
export const timerWorker = (options: TimerWorkerOptions): PollWorker => {
  const { sql, schema, handlers, clock = systemClock, logger = silentLogger, metrics = noMetrics } = options;
  const { concurrency = 100, leaseMs = 30_000, maxBackoffMs = 300_000 } = options;
  const rows = timerRows(sql, schema, Object.keys(handlers));
  const remove = coalesced(rows.remove);
  const fired = metrics.counter({ name: "timers_fired_total", help: "Timers whose handler is through", labels: ["kind"] });
  const failed = metrics.counter({ name: "timers_failed_total", help: "Failed tries of timers", labels: ["kind"] });
  const overdue = metrics.gauge({ name: "timers_overdue_seconds", help: "How long the timer that waits longest has been due" });

  const fire = async (timer: TakenTimer) => {
    const handler = handlers[timer.kind];
    if (!handler) throw new TypeError(`no handler for timers of kind ${timer.kind}`);
    await handler({ ...timer, key: `timer:${timer.id}@${timer.dueAt.toISOString()}` });
    await remove(timer);
    fired.add({ kind: timer.kind });
  };
  const putOff = async (timer: TakenTimer, error: unknown) => {
    failed.add({ kind: timer.kind });
    logger.error(
      { timer: timer.id, kind: timer.kind, attempt: timer.attempt, error: reasonOf(error) },
      "a timer failed and is tried again",
    );
    const nextAt = new Date(clock.now().getTime() + backoffMs(timer.attempt, { maxMs: maxBackoffMs }));
    // Where this fails, too, the end of the lease brings the timer back.
    await rows.putOff(timer, { nextAt, error: reasonOf(error) }).catch(() => {});
  };

  return pollWorker({
    name: `timers of ${schema}`,
    concurrency,
    maxPollMs: options.maxPollMs,
    clock,
    logger,
    async take(limit) {
      const now = clock.now();
      const taken = await rows.take({ now, until: new Date(now.getTime() + leaseMs), limit });
      if (taken.length === limit) return { taken, nextAt: now };
      const { nextAt, oldestDue } = await rows.next(now);
      overdue.set({}, oldestDue ? Math.max(0, now.getTime() - oldestDue.getTime()) / 1_000 : 0);
      return { taken, nextAt };
    },
    run: (timer) => fire(timer).catch((error) => putOff(timer, error)),
  });
};

type TakenTimer = Timer & { attempt: number; generation: number };
type Row = { id: string; due_at: Date; kind: string; stream_id: string; payload: JsonObject; attempts: number; generation: number };

const timerRows = (sql: postgres.Sql, schema: string, kinds: readonly string[]) => ({
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

  /** Those that were scheduled again meanwhile stay. */
  async remove(timers: readonly TakenTimer[]): Promise<void> {
    await sql.unsafe(
      `delete from ${schema}.timer t using unnest($1::text[], $2::integer[]) d(id, generation) where t.id = d.id and t.generation = d.generation`,
      [textArray(timers.map(({ id }) => id)), `{${timers.map(({ generation }) => generation).join(",")}}`],
      { prepare: true },
    );
  },

  async putOff({ id, generation }: TakenTimer, { nextAt, error }: { nextAt: Date; error: string }): Promise<void> {
    await sql.unsafe(
      `update ${schema}.timer set next_at = $3, last_error = $4 where id = $1 and generation = $2`,
      [id, generation, nextAt, error],
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
