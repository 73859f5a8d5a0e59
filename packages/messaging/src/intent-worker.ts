import type postgres from "postgres";
import { type Clock, systemClock } from "./clock.ts";
import { intentRows } from "./intent-rows.ts";
import { type IntentContext, settleIntent } from "./intent-steps.ts";
import type { IntentKind } from "./intents.ts";
import { type Logger, type Metrics, noMetrics, silentLogger } from "./observability.ts";
import { type PollWorker, pollWorker } from "./poll-worker.ts";

export type IntentWorkerOptions = {
  sql: postgres.Sql;
  schema: string;
  /** Of the service's own log. After a restore it is another one, and effects are held until they are let go. */
  epoch: string;
  /** Each with an outcome of its own, which only its own functions see. */
  kinds: { readonly [kind: string]: IntentKind<unknown> };
  /** How many are with the outside at once. Default 8. */
  concurrency?: number;
  /** An intent that was taken and not settled within it is reconciled. Default 60,000 ms. */
  leaseMs?: number;
  /** The longest time between two looks. Default 1,000 ms. */
  maxPollMs?: number;
  /** The longest time between two tries. Default 300,000 ms. */
  maxBackoffMs?: number;
  /** How many more may be begun now, for whoever knows that the outside is away. Those who are not let in wait and count no try. */
  admits?: () => number;
  clock?: Clock;
  random?: () => number;
  logger?: Logger;
  metrics?: Metrics;
};

/** Carries intents out, in as many processes as there are; each intent in one of them at a time. */
export const intentWorker = (options: IntentWorkerOptions): PollWorker => {
  const { sql, schema, epoch, kinds, concurrency = 8, leaseMs = 60_000, clock = systemClock } = options;
  const { logger = silentLogger, metrics = noMetrics, admits = () => Number.POSITIVE_INFINITY } = options;
  const rows = intentRows(sql, schema, { epoch, kinds: Object.keys(kinds) });
  const gauge = (name: string, help: string) => metrics.gauge({ name, help, labels: ["service"] });
  const waiting = gauge("intents_waiting", "Intents that are not settled");
  const held = gauge("effects_held", "1 while an operator, or a restore, holds all effects on the outside world");
  const counter = (name: string, help: string) => metrics.counter({ name: `intents_${name}_total`, help, labels: ["kind"] });
  const context: IntentContext = {
    rows,
    clock,
    logger,
    leaseMs,
    maxBackoffMs: options.maxBackoffMs ?? 300_000,
    random: options.random ?? Math.random,
    done: counter("done", "Intents whose outcome was reported"),
    reconciled: counter("reconciled", "Times that the outside was asked what became of an intent"),
    failed: counter("failed", "Failed tries"),
  };
  let isGateKnown = false;
  let wasHeld = false;
  const saySo = (isHeld: boolean) => {
    held.set({ service: schema }, isHeld ? 1 : 0);
    if (isHeld !== wasHeld)
      logger.warn({}, isHeld ? "effects on the outside world are held: see `bun run ops effects`" : "effects are let go again");
    wasHeld = isHeld;
  };

  return pollWorker({
    name: `intents of ${schema}`,
    concurrency,
    maxPollMs: options.maxPollMs,
    clock,
    logger,
    async take(limit) {
      if (!isGateKnown) await rows.openGate();
      isGateKnown = true;
      const now = clock.now();
      const room = Math.min(limit, admits());
      const taken = room > 0 ? await rows.take({ now, until: new Date(now.getTime() + leaseMs), limit: room }) : [];
      if (taken.length === limit) return { taken, nextAt: now };
      const next = await rows.next();
      waiting.set({ service: schema }, next.waiting);
      saySo(next.isHeld);
      // Who is not let in now is looked at with the next poll.
      return { taken, nextAt: room < limit ? null : next.nextAt };
    },
    run: (intent) => settleIntent(intent, kinds[intent.kind], context),
  });
};
