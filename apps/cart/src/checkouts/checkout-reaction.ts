import type { Cart } from "@cartwright/cart-domain/cart";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Decision } from "@cartwright/decider/decision";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import { appendSink } from "@cartwright/messaging/append-sink";
import { type ConsumerOptions, consumer } from "@cartwright/messaging/consumer";
import type { HandlerContext } from "@cartwright/messaging/handlers";
import { shardLeases } from "@cartwright/messaging/leases";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { postgresProgress } from "@cartwright/messaging/postgres/postgres-progress";
import { reactionTo, settled } from "@cartwright/messaging/reaction";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import { currentTraceparent } from "@cartwright/service-kit/tracing";
import type postgres from "postgres";

export type CheckoutReactionDeps = {
  readonly handler: CommandHandler<Cart, CartEvent>;
  readonly now: () => Date;
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

type Decide = (cart: Cart, now: Instant) => Decision<CartEvent, never>;

/** Lets an event of another service drive a step of a checkout. */
export const checkoutReaction =
  ({ handler, now }: Pick<CheckoutReactionDeps, "handler" | "now">) =>
  async (cartId: CartId, context: HandlerContext<unknown>, decide: Decide): Promise<undefined> => {
    const at = instantOf(now());
    const fields = reactionTo(context, { service: "cart", traceparent: currentTraceparent() });
    await settled(handler.handle({ streamId: cartStreamId(cartId), ...fields, decide: (cart) => decide(cart, at) }));
  };

type NoTools = Record<never, never>;
type Following<Event extends { type: string }> = Pick<ConsumerOptions<Event, NoTools, undefined>, "group" | "decode" | "handlers">;

/** A consumer of another service's log whose effects are appends to the cart's own. */
export const checkoutFollower = <Event extends { type: string }>(
  { sql, schema, logger, metrics }: CheckoutReactionDeps,
  feed: LogFeed,
  following: Following<Event>,
) =>
  consumer<Event, NoTools, undefined>({
    ...following,
    log: feed.log,
    source: feed.source(shardLeases({ sql, schema, logger })),
    sink: appendSink({ progress: postgresProgress({ sql, schema }) }),
    around: tracedEvents(following.group),
    logger,
    metrics,
  });
