import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import type { SealedContact } from "@cartwright/contracts/checkout-shapes";
import type { StoredEvent } from "@cartwright/contracts/event-schema";
import type { OrderId, SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { type NotificationEvent, notificationIdOf, notificationStreamId } from "@cartwright/contracts/notification-events";
import { type PrivacyEvent, privacyEvents } from "@cartwright/contracts/privacy-events";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import { appendSink } from "@cartwright/messaging/append-sink";
import { type Consumer, consumer } from "@cartwright/messaging/consumer";
import type { HandlerContext, Handlers } from "@cartwright/messaging/handlers";
import { shardLeases } from "@cartwright/messaging/leases";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { postgresProgress } from "@cartwright/messaging/postgres/postgres-progress";
import { reactionTo, settled } from "@cartwright/messaging/reaction";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import type { OpenedMemory } from "@cartwright/service-kit/opened-memory";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import { currentTraceparent } from "@cartwright/service-kit/tracing";
import type postgres from "postgres";
import type { Notification } from "../notifications/notification.ts";
import { requestNotification } from "../notifications/request-notification.ts";

export type FollowDeps = {
  readonly handler: CommandHandler<Notification, NotificationEvent>;
  /** What was opened to be shown. */
  readonly memory: Pick<OpenedMemory, "drop">;
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
};

type Followed = CartEvent | PrivacyEvent;

/**
 * The shopper hears of an order once it is paid, or at once where there is nothing to pay, by the contact that they gave with it, but
 * not of one that was cancelled before its money came. Who is forgotten leaves the memory.
 */
export const followCart =
  ({ sql, schema, logger, metrics, ...deps }: FollowDeps) =>
  (feed: LogFeed): Consumer =>
    consumer<Followed, Record<never, never>, undefined>({
      group: "notification.orders",
      log: feed.log,
      source: feed.source(shardLeases({ sql, schema, logger })),
      sink: appendSink({ progress: postgresProgress({ sql, schema }) }),
      decode,
      handlers: handlersOf(deps),
      around: tracedEvents("notification.orders"),
      // Carts are busy and few of their events are payments: what passes by is passed over in few steps.
      limits: { restMs: 20 },
      logger,
      metrics,
    });

type HandlerDeps = Pick<FollowDeps, "handler" | "memory" | "now">;

/** What is done about each event. */
export const handlersOf = ({ handler, memory, now }: HandlerDeps): Handlers<Followed, Record<never, never>, undefined> => ({
  OrderPaid: async ({ data: { orderId, owner, contact, paidTotal } }, context) => {
    // Nobody is thanked for an order that is cancelled, and version 1 did not say whose order it is.
    if (owner !== null) await tell({ handler, now }, { orderId, owner, contact, amount: paidTotal }, context);
    return undefined;
  },
  OrderPlaced: async ({ data: { orderId, owner, contact, totals } }, context) => {
    // What is to be paid is told of once it is; for the rest no payment will come.
    if (totals.total.amountMinor === 0) await tell({ handler, now }, { orderId, owner, contact, amount: totals.total }, context);
    return undefined;
  },
  SubjectForgotten: ({ data: { keyId } }) => {
    if (keyId !== null) memory.drop(keyId);
    return undefined;
  },
});

type Paid = {
  readonly orderId: OrderId;
  readonly owner: SubjectId;
  readonly contact: SealedContact | null;
  readonly amount: Money;
};

/** One mail an order, whichever event asks for it. */
const tell = async ({ handler, now }: Pick<HandlerDeps, "handler" | "now">, paid: Paid, context: HandlerContext<unknown>) => {
  const { orderId, owner, contact, amount } = paid;
  const what = { kind: "order-paid", channel: "email" } as const;
  const notificationId = notificationIdOf({ ...what, about: orderId });
  const reached = contact && { email: contact.email, locale: contact.locale };
  const request = {
    notificationId,
    ...what,
    recipient: owner,
    contact: reached,
    facts: { orderId, amount },
    requestedAt: instantOf(now()),
  };
  await settled(
    handler.handle({
      streamId: notificationStreamId(notificationId),
      ...reactionTo(context, { service: "notification", traceparent: currentTraceparent() }),
      decide: (notification) => requestNotification(request, notification),
    }),
  );
};

const decode = (stored: StoredEvent): Followed =>
  privacyEvents.knows(stored.type) ? privacyEvents.decode(stored) : cartEvents.decode(stored);
