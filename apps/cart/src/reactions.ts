import type { Cart } from "@cartwright/cart-domain/cart";
import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { consumer } from "@cartwright/messaging/consumer";
import type { Around } from "@cartwright/messaging/handlers";
import { shardLeases } from "@cartwright/messaging/leases";
import { logSource } from "@cartwright/messaging/log-source";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import { timerWorker } from "@cartwright/messaging/timer-worker";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { continuedSpan } from "@cartwright/service-kit/tracing";
import type postgres from "postgres";
import { cartExpiryHandlers, cartExpiryKind, expireIdleCart, type IdleLimits } from "./carts/cart-expiry.ts";
import { catalogProjection } from "./catalog/catalog-projection.ts";

export type ReactionsDeps = {
  readonly log: EventLog;
  readonly tailer: Tailer;
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly handler: CommandHandler<Cart, CartEvent>;
  readonly idleLimitsMs: IdleLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
};

/** Starts what the service does on its own: it keeps the catalogue's tables, and lets idle carts expire. */
export const startReactions = async (deps: ReactionsDeps): Promise<AsyncDisposable> => {
  const { log, tailer, sql, schema, logger, metrics } = deps;
  await using started = new AsyncDisposableStack();
  const observed = { logger, metrics };

  // Carts are busy and the catalogue is not: what passes by is passed over in few steps.
  const limits = { restMs: 100 };
  await started.use(catalogProjection({ log, tailer, sql, schema, limits, around: traced("catalog"), ...observed })).start();

  const expiryTimers = started.use(timerWorker({ sql, schema, handlers: { [cartExpiryKind]: expireIdleCart(deps) }, ...observed }));
  expiryTimers.start();
  const expiry = consumer<CartEvent, TableTools, void>({
    group: "cart-expiry",
    log,
    source: logSource({ log, tailer, leases: shardLeases({ sql, schema, logger }) }),
    sink: tableSink({ sql, schema }),
    decode: cartEvents.decode,
    handlers: cartExpiryHandlers(deps),
    around: traced("cart-expiry"),
    // Timers are due in days: what a second brings is scheduled together.
    limits: { restMs: 1_000 },
    ...observed,
  });
  await started.use(expiry).start();
  return started.move();
};

/** A span for each batch, in the trace of its first event. */
const traced =
  (name: string): Around =>
  (events, call) => {
    const traceparent = events[0]?.metadata.traceparent;
    const attributes = { "messaging.batch.message_count": events.length };
    return continuedSpan(
      { name, kind: "consumer", traceparent: typeof traceparent === "string" ? traceparent : undefined, attributes },
      call,
    );
  };
