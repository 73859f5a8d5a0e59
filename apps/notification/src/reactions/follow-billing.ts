import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import { instantOf } from "@cartwright/contracts/instant";
import { type NotificationEvent, notificationIdOf, notificationStreamId } from "@cartwright/contracts/notification-events";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import { appendSink } from "@cartwright/messaging/append-sink";
import { type Consumer, consumer } from "@cartwright/messaging/consumer";
import { shardLeases } from "@cartwright/messaging/leases";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { postgresProgress } from "@cartwright/messaging/postgres/postgres-progress";
import { reactionTo, settled } from "@cartwright/messaging/reaction";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import { currentTraceparent } from "@cartwright/service-kit/tracing";
import type postgres from "postgres";
import type { Notification } from "../notifications/notification.ts";
import { requestNotification } from "../notifications/request-notification.ts";

export type FollowDeps = {
  readonly handler: CommandHandler<Notification, NotificationEvent>;
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
};

/** The shopper hears of an order once it is paid. */
export const followBilling =
  ({ handler, sql, schema, logger, metrics, now }: FollowDeps) =>
  (feed: LogFeed): Consumer =>
    consumer<BillingEvent, Record<never, never>, undefined>({
      group: "notification.payments",
      log: feed.log,
      source: feed.source(shardLeases({ sql, schema, logger })),
      sink: appendSink({ progress: postgresProgress({ sql, schema }) }),
      decode: billingEvents.decode,
      handlers: {
        PaymentCaptured: async ({ data: { orderId, owner, amount } }, context) => {
          const what = { kind: "order-paid", channel: "email" } as const;
          const notificationId = notificationIdOf({ ...what, about: orderId });
          const request = { notificationId, ...what, recipient: owner, facts: { orderId, amount }, requestedAt: instantOf(now()) };
          await settled(
            handler.handle({
              streamId: notificationStreamId(notificationId),
              ...reactionTo(context, { service: "notification", traceparent: currentTraceparent() }),
              decide: (notification) => requestNotification(request, notification),
            }),
          );
          return undefined;
        },
      },
      around: tracedEvents("notification.payments"),
      logger,
      metrics,
    });
