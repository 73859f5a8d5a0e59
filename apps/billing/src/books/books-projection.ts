import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import { type Consumer, consumer } from "@cartwright/messaging/consumer";
import type { BatchHandler, Received } from "@cartwright/messaging/handlers";
import { shardLeases } from "@cartwright/messaging/leases";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import type postgres from "postgres";
import { conditionsOf, type Payment } from "../payments/payment.ts";

export type BooksProjectionDeps = {
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** Of the service's own log. */
  readonly feed: LogFeed;
  readonly handler: Pick<CommandHandler<Payment, BillingEvent>, "load">;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

/** The second one: the first did not write conditions down, and is at work as long as a process of the last release is. */
export const booksGroup = "billing.books.2";

/** Keeps the books of the payments: each one's status, and each movement of money once, in the transaction that moves the mark. */
export const booksProjection = ({ sql, schema, feed, handler, logger, metrics }: BooksProjectionDeps): Consumer => {
  /** Where the fold is ahead of these events, it stays when theirs come. */
  const paymentOf = async (streamId: string): Promise<readonly KeptPayment[]> => {
    const { state, version } = await handler.load(streamId);
    if (state.status === "Absent") return [];
    const { paymentId, status, presentedAt } = state;
    return [{ payment_id: paymentId, version, status, conditions: conditionsOf(state), begun_at: presentedAt }];
  };
  const keep: BatchHandler<BillingEvent, TableTools, void> = {
    async batch(received, { tx }) {
      // In one order, so that transactions never wait for each other in a circle.
      const streamIds = [...new Set(received.map(({ recorded }) => recorded.streamId))].sort();
      const payments = (await Promise.all(streamIds.map(paymentOf))).flat();
      await tx`
        insert into ${tx(`${schema}.payment`)} as known (payment_id, version, status, conditions, begun_at)
        select * from jsonb_to_recordset(${tx.json(payments)})
          as p(payment_id text, version integer, status text, conditions text[], begun_at timestamptz)
        on conflict (payment_id) do update set version = excluded.version, status = excluded.status, conditions = excluded.conditions
        where known.version <= excluded.version`;
      await tx`
        insert into ${tx(`${schema}.payment_entry`)} (payment_id, version, kind, day, currency, amount)
        select * from jsonb_to_recordset(${tx.json(received.flatMap(entryOf))})
          as e(payment_id text, version integer, kind text, day date, currency text, amount bigint)
        on conflict do nothing`;
    },
  };
  return consumer<BillingEvent, TableTools, void>({
    group: booksGroup,
    log: feed.log,
    source: feed.source(shardLeases({ sql, schema, logger })),
    sink: tableSink({ sql, schema }),
    decode: billingEvents.decode,
    handlers: { "*": keep },
    around: tracedEvents("billing.books"),
    logger,
    metrics,
  });
};

type KeptPayment = { payment_id: string; version: number; status: string; conditions: readonly string[]; begun_at: Instant };

type Entry = { payment_id: string; version: number; kind: string; day: string; currency: string; amount: number };

const entryOf = ({ event: { type, data }, recorded }: Received<BillingEvent>): readonly Entry[] => {
  const entry = (kind: string, { amountMinor, currency }: Money, at: Instant): readonly Entry[] => [
    { payment_id: data.paymentId, version: recorded.version, kind, day: at.slice(0, 10), currency, amount: amountMinor },
  ];
  switch (type) {
    case "PaymentCaptured":
      return entry("captured", data.amount, data.capturedAt);
    case "PaymentRefunded":
      return entry("refunded", data.amount, data.refundedAt);
    case "PaymentRefundFailed":
      return data.returned.amountMinor > 0 ? entry("refundReturned", data.returned, data.failedAt) : [];
    case "PaymentDisputed":
      return data.stage === "chargeback" ? entry("disputed", data.amount, data.disputedAt) : [];
    case "PaymentDisputeClosed":
      if (data.stage === "inquiry") return [];
      return entry(data.outcome === "lost" ? "disputeLost" : "disputeWon", data.amount, data.closedAt);
    default:
      return [];
  }
};
