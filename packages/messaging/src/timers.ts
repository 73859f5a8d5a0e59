import type { JsonObject } from "@cartwright/event-log/event-log";
import type postgres from "postgres";
import type { Clock } from "./clock.ts";
import type { Logger, Metrics } from "./observability.ts";

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

/** Inside the caller's transaction: the timers are there if and only if it commits. */
export type ScheduleTimers = (tx: postgres.Sql | postgres.TransactionSql, timers: readonly Timer[]) => Promise<void>;
export type CancelTimers = (tx: postgres.Sql | postgres.TransactionSql, ids: readonly string[]) => Promise<void>;

/** Must be idempotent under `timer.key`. A throw is tried again, later and later; nothing is given up. */
export type TimerHandler = (timer: DueTimer) => Promise<void>;

export type TimerWorkerOptions = {
  sql: postgres.Sql;
  schema: string;
  /** By kind. A kind without a handler stays in the table, is said loudly, and holds nothing else up. */
  handlers: { readonly [kind: string]: TimerHandler };
  /** How many fire at once. Default 16. */
  concurrency?: number;
  /** After this a timer that was taken and not finished is taken again. Default 30,000 ms. */
  leaseMs?: number;
  /** The longest time between two looks. Default 1,000 ms. */
  maxPollMs?: number;
  clock?: Clock;
  logger?: Logger;
  metrics?: Metrics;
};

export type TimerWorker = {
  start(): void;
  /** Looks now: for whoever has just scheduled something. */
  wake(): void;
  /** Takes no more and waits for those that are firing. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};
