import type { Cart } from "@cartwright/cart-domain/cart";
import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { consumer } from "@cartwright/messaging/consumer";
import { type Follower, follower } from "@cartwright/messaging/follower";
import { shardLeases } from "@cartwright/messaging/leases";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { logSource } from "@cartwright/messaging/log-source";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import { timerWorker } from "@cartwright/messaging/timer-worker";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { sideBySide } from "@cartwright/service-kit/side-by-side";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import type postgres from "postgres";
import { cartExpiryHandlers, cartExpiryKind, expireIdleCart, type IdleLimits } from "./carts/cart-expiry.ts";
import { checkoutDeadlineHandlers, checkoutDeadlineKind, endOverdueCheckout } from "./checkouts/checkout-deadline.ts";
import { followBilling } from "./checkouts/follow-billing.ts";
import { followFraud } from "./checkouts/follow-fraud.ts";
import { tablesProjection } from "./tables-projection.ts";

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
  /** The logs that checkouts follow, each as soon as it is there. */
  readonly feeds?: CheckoutFeeds | undefined;
};

export type CheckoutFeeds = { readonly billing: Promise<LogFeed>; readonly fraud: Promise<LogFeed> };

export type Reactions = AsyncDisposable & {
  /** What is still waited for. */
  waitsFor(): readonly string[];
};

/** Starts what the service does on its own: it keeps the catalogue's tables, lets idle carts expire, and carries checkouts on. */
export const startReactions = async (deps: ReactionsDeps): Promise<Reactions> => {
  const { log, tailer, sql, schema, logger, metrics } = deps;
  await using started = new AsyncDisposableStack();
  const running = started.use(sideBySide());
  const observed = { logger, metrics };

  // Carts are busy and the catalogue is not: what passes by is passed over in few steps.
  const limits = { restMs: 100 };
  await running.use(tablesProjection({ log, tailer, sql, schema, limits, around: tracedEvents("catalog"), ...observed })).start();

  const timerHandlers = { [cartExpiryKind]: expireIdleCart(deps), [checkoutDeadlineKind]: endOverdueCheckout(deps) };
  const timers = running.use(timerWorker({ sql, schema, handlers: timerHandlers, ...observed }));
  timers.start();
  const expiry = consumer<CartEvent, TableTools, void>({
    group: "cart-expiry",
    log,
    source: logSource({ log, tailer, leases: shardLeases({ sql, schema, logger }) }),
    sink: tableSink({ sql, schema }),
    decode: cartEvents.decode,
    handlers: cartExpiryHandlers(deps),
    around: tracedEvents("cart-expiry"),
    // Timers are due in days: what a second brings is scheduled together.
    limits: { restMs: 1_000 },
    ...observed,
  });
  await running.use(expiry).start();
  const deadlines = consumer<CartEvent, TableTools, void>({
    group: "checkout-deadline",
    log,
    source: logSource({ log, tailer, leases: shardLeases({ sql, schema, logger }) }),
    sink: tableSink({ sql, schema }),
    decode: cartEvents.decode,
    handlers: checkoutDeadlineHandlers(deps),
    around: tracedEvents("checkout-deadline"),
    limits: { restMs: 100 },
    ...observed,
  });
  await running.use(deadlines).start();

  const followers = deps.feeds ? checkoutFollowers(deps, deps.feeds) : [];
  for (const each of followers) running.use(each);
  const held = started.move();
  return { waitsFor: () => followers.flatMap((each) => each.waitsFor() ?? []), [Symbol.asyncDispose]: () => held.disposeAsync() };
};

const checkoutFollowers = (deps: ReactionsDeps, { billing, fraud }: CheckoutFeeds): readonly Follower[] => [
  follower({ name: "fraud", feed: fraud, open: followFraud(deps), logger: deps.logger }),
  follower({ name: "billing", feed: billing, open: followBilling(deps), logger: deps.logger }),
];
