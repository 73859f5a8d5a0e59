import type postgres from "postgres";
import { backoffMs } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { coalesced } from "./coalesced.ts";
import { reasonOf } from "./consumer-context.ts";
import { type Logger, type Metrics, noMetrics, silentLogger } from "./observability.ts";
import { type PollWorker, pollWorker } from "./poll-worker.ts";
import { type TakenTimer, timerRows } from "./timer-rows.ts";
import type { TimerHandler } from "./timers.ts";

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

/** Fires timers when they are due, in as many processes as there are; each timer in one of them at a time. */
export const timerWorker = (options: TimerWorkerOptions): PollWorker => {
  const { sql, schema, handlers, clock = systemClock, logger = silentLogger, metrics = noMetrics } = options;
  const { concurrency = 100, leaseMs = 30_000, maxBackoffMs = 300_000 } = options;
  const rows = timerRows(sql, schema, Object.keys(handlers));
  const remove = coalesced(rows.remove);
  const fired = metrics.counter({ name: "timers_fired_total", help: "Timers whose handler is through", labels: ["kind"] });
  const failed = metrics.counter({ name: "timers_failed_total", help: "Failed tries of timers", labels: ["kind"] });
  const overdue = metrics.gauge({
    ...{ name: "timers_overdue_seconds", help: "How long the timer that waits longest has been due" },
    labels: ["service"],
  });

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
      overdue.set({ service: schema }, oldestDue ? Math.max(0, now.getTime() - oldestDue.getTime()) / 1_000 : 0);
      return { taken, nextAt };
    },
    run: (timer) => fire(timer).catch((error) => putOff(timer, error)),
  });
};
