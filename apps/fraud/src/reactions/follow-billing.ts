import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import { assessmentStreamId, type FraudEvent } from "@cartwright/contracts/fraud-events";
import { instantOf } from "@cartwright/contracts/instant";
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
import { assessCheckout } from "../assessments/assess-checkout.ts";
import type { Assessment } from "../assessments/assessment.ts";
import type { RuleSet } from "../rules/rule-set.ts";

export type FollowDeps = {
  readonly handler: CommandHandler<Assessment, FraudEvent>;
  readonly rules: RuleSet;
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
};

/** Assesses a checkout as soon as it is known what it is to be paid by. */
export const followBilling =
  ({ handler, rules, sql, schema, logger, metrics, now }: FollowDeps) =>
  (feed: LogFeed): Consumer =>
    consumer<BillingEvent, Record<never, never>, undefined>({
      group: "fraud.assessments",
      log: feed.log,
      source: feed.source(shardLeases({ sql, schema, logger })),
      sink: appendSink({ progress: postgresProgress({ sql, schema }) }),
      decode: billingEvents.decode,
      handlers: {
        PaymentMethodInspected: async ({ data }, context) => {
          const { checkoutId, cartId, paymentId, owner, ownerKind, amount, card } = data;
          const command = { checkoutId, cartId, paymentId, inputs: { owner, ownerKind, amount, card }, rules, now: instantOf(now()) };
          await settled(
            handler.handle({
              streamId: assessmentStreamId(checkoutId),
              ...reactionTo(context, { service: "fraud", traceparent: currentTraceparent() }),
              decide: (assessment) => assessCheckout(command, assessment),
            }),
          );
          return undefined;
        },
      },
      around: tracedEvents("fraud.assessments"),
      logger,
      metrics,
    });
