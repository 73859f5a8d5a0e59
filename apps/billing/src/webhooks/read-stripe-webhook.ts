import { PaymentId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import Stripe from "stripe";
import { disputeStateOf, intentStateOf, refundStateOf } from "../provider/stripe-states.ts";
import { type ProviderNews, type ReadWebhook, WebhookRefused } from "./provider-news.ts";

export type StripeWebhookOptions = {
  readonly stripe: Stripe;
  /** Of the endpoint: `whsec_…`. */
  readonly secret: string;
  readonly now: () => Date;
};

/** Stripe's webhooks: the signature is over the bytes as they came, and at most five minutes old. What is not about us is null. */
export const readStripeWebhook = ({ stripe, secret, now }: StripeWebhookOptions): ReadWebhook => {
  const cryptoProvider = Stripe.createSubtleCryptoProvider();
  return async ({ payload, signature }) => {
    let event: Stripe.Event;
    try {
      event = await stripe.webhooks.constructEventAsync(payload, signature, secret, TOLERANCE_S, cryptoProvider, now().getTime());
    } catch (cause) {
      throw new WebhookRefused("the webhook is not signed, or not now", { cause });
    }
    return newsOf(event, stripe);
  };
};

const TOLERANCE_S = 300;

const newsOf = async (event: Stripe.Event, stripe: Stripe): Promise<ProviderNews | null> => {
  const told = { providerEventId: event.id, providerEventType: event.type, occurredAt: instantOf(new Date(event.created * 1_000)) };
  switch (event.type) {
    case "payment_intent.amount_capturable_updated":
    case "payment_intent.requires_action":
    case "payment_intent.payment_failed":
    case "payment_intent.canceled":
    case "payment_intent.succeeded": {
      const paymentId = paymentOf(event.data.object.metadata);
      return paymentId && { told, paymentId, about: "intent", state: intentStateOf(event.data.object) };
    }
    case "refund.created":
    case "refund.updated":
    case "refund.failed": {
      const refund = event.data.object;
      const paymentId = paymentOf(refund.metadata) ?? (await paymentOfIntent(stripe, refund.payment_intent));
      return paymentId && { told, paymentId, about: "refund", refund: refundStateOf(refund) };
    }
    case "charge.dispute.created":
    case "charge.dispute.updated":
    case "charge.dispute.closed": {
      const paymentId = await paymentOfIntent(stripe, event.data.object.payment_intent);
      return paymentId && { told, paymentId, about: "dispute", dispute: disputeStateOf(event.data.object) };
    }
    default:
      return null;
  }
};

const paymentOf = (metadata: Stripe.Metadata | null): PaymentId | null => PaymentId.safeParse(metadata?.paymentId).data ?? null;

/** What was done at the provider itself says only which intent it is about. */
const paymentOfIntent = async (stripe: Stripe, intent: string | Stripe.PaymentIntent | null): Promise<PaymentId | null> => {
  if (intent === null) return null;
  return paymentOf((typeof intent === "string" ? await stripe.paymentIntents.retrieve(intent) : intent).metadata);
};
