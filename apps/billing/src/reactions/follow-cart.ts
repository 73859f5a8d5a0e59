import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import { paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { appendSink } from "@cartwright/messaging/append-sink";
import { type Consumer, consumer } from "@cartwright/messaging/consumer";
import type { Handlers } from "@cartwright/messaging/handlers";
import { shardLeases } from "@cartwright/messaging/leases";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { postgresProgress } from "@cartwright/messaging/postgres/postgres-progress";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import type postgres from "postgres";
import { presentPaymentMethod } from "../payments/present-payment-method.ts";
import { requestCapture } from "../payments/request-capture.ts";
import { requestActionCheck } from "../payments/request-check.ts";
import { requestPayment } from "../payments/request-payment.ts";
import { withdrawPayment } from "../payments/withdraw-payment.ts";
import { type BillingReactionDeps, billingReaction } from "./billing-reaction.ts";

export type FollowDeps = BillingReactionDeps & {
  /** Somebody takes the money by hand once the order is placed. */
  readonly isCaptureManual: boolean;
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

/** Pays what is checked out, and gives back what came to nothing. */
export const followCart =
  ({ sql, schema, logger, metrics, ...deps }: FollowDeps) =>
  (feed: LogFeed): Consumer =>
    consumer<CartEvent, Record<never, never>, undefined>({
      group: "billing.checkouts",
      log: feed.log,
      source: feed.source(shardLeases({ sql, schema, logger })),
      sink: appendSink({ progress: postgresProgress({ sql, schema }) }),
      decode: cartEvents.decode,
      handlers: handlersOf(deps),
      around: tracedEvents("billing.checkouts"),
      // Carts are busy and few of their events are checkouts: what passes by is passed over in few steps.
      limits: { restMs: 20 },
      logger,
      metrics,
    });

type HandlerDeps = Pick<FollowDeps, "handler" | "now" | "isCaptureManual">;

const handlersOf = ({ isCaptureManual: isManual, ...deps }: HandlerDeps): Handlers<CartEvent, Record<never, never>, undefined> => {
  const react = billingReaction(deps);
  return {
    CheckoutStarted: async ({ data }, context) => {
      const { cartId, checkoutId, owner, ownerKind, amount, paymentToken } = data;
      // There is nothing to pay.
      if (paymentToken === null || amount.amountMinor === 0) return undefined;
      const facts = { paymentId: paymentIdOf(checkoutId), checkoutId, cartId, owner, ownerKind, amount, paymentToken };
      await react(facts.paymentId, context, (payment, now) => presentPaymentMethod({ ...facts, now }, payment));
      return undefined;
    },
    CheckoutApproved: async ({ data }, context) => {
      await react(data.paymentId, context, (payment, now) => requestPayment({ now }, payment));
      return undefined;
    },
    OrderPlaced: async ({ data }, context) => {
      await react(data.paymentId, context, (payment, now) => requestCapture({ orderId: data.orderId, isManual, now }, payment));
      return undefined;
    },
    CheckoutFailed: async ({ data }, context) => {
      await react(data.paymentId, context, (payment, now) => withdrawPayment({ because: "checkoutFailed", now }, payment));
      return undefined;
    },
    CheckoutActionConfirmed: async ({ data }, context) => {
      await react(data.paymentId, context, (payment, now) => requestActionCheck({ now }, payment));
      return undefined;
    },
    OrderCancelled: async ({ data }, context) => {
      await react(data.paymentId, context, (payment, now) => withdrawPayment({ because: "orderCancelled", now }, payment));
      return undefined;
    },
  };
};
