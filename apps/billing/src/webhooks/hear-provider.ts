import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Decision } from "@cartwright/decider/decision";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog, JsonObject } from "@cartwright/event-log/event-log";
import type { Payment } from "../payments/payment.ts";
import { recordDispute } from "../payments/record-dispute.ts";
import { recordIntent } from "../payments/record-intent.ts";
import { type RefundRules, recordRefund } from "../payments/record-refund.ts";
import type { ProviderNews, ReadWebhook } from "./provider-news.ts";

/** Which of the provider's events were heard, for ever. */
export type HeardEvents = {
  has(providerEventId: string): Promise<boolean>;
  add(event: HeardEvent): Promise<void>;
};

export type HeardEvent = ProviderNews["told"] & { readonly paymentId: string; readonly changed: boolean };

export type HearProviderDeps = RefundRules & {
  readonly read: ReadWebhook;
  readonly heard: HeardEvents;
  readonly handler: CommandHandler<Payment, BillingEvent>;
  readonly log: Pick<EventLog, "readStream">;
  readonly now: () => Date;
};

export type Hearing = "heard" | "heardBefore" | "notOurs";

/**
 * Takes what the provider tells unasked. It is heard once, however often it is sent: what follows from it is appended under the event's own
 * key, and the event is ticked off after that, so that a crash in between makes nothing twice and loses nothing.
 */
export const hearProvider =
  ({ read, heard, handler, log, now, maxRefundAttempts }: HearProviderDeps) =>
  async (request: { payload: Uint8Array; signature: string }): Promise<Hearing> => {
    const news = await read(request);
    if (!news) return "notOurs";
    const { told, paymentId } = news;
    if (await heard.has(told.providerEventId)) return "heardBefore";
    const streamId = paymentStreamId(paymentId);
    const [first] = await log.readStream(streamId, { limit: 1 });
    if (!first) return "notOurs";
    const at = instantOf(now());
    const outcome = await handler.handle({
      streamId,
      key: `provider ${told.providerEventId}`,
      fingerprint: told.providerEventType,
      metadata: metadataOf(first.metadata),
      decide: (payment) => decide(news, payment, { now: at, maxRefundAttempts }),
    });
    await heard.add({ ...told, paymentId, changed: outcome.outcome === "accepted" && outcome.changed });
    return "heard";
  };

const decide = (news: ProviderNews, payment: Payment, context: RefundRules & { now: Instant }): Decision<BillingEvent, never> => {
  const heard = { ...context, told: news.told };
  if (news.about === "intent") return recordIntent({ state: news.state, ...heard }, payment);
  if (news.about === "refund") return recordRefund({ refund: news.refund, ...heard }, payment);
  return recordDispute({ dispute: news.dispute, ...heard }, payment);
};

/** It belongs to the request that began the payment. */
const metadataOf = ({ correlationId, traceparent }: JsonObject): JsonObject => ({
  ...(correlationId !== undefined && { correlationId }),
  ...(traceparent !== undefined && { traceparent }),
  actor: { subject: "payment-provider", kind: "service" },
});
