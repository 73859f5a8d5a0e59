import type { CardFacts } from "@cartwright/contracts/payment-shapes";
import Stripe from "stripe";
import type { IntentState, PaymentProvider, Standing } from "./payment-provider.ts";
import { toStripe } from "./stripe-amounts.ts";
import { isCardError, isElsewhere, isMissing, isRefusal, providerError } from "./stripe-errors.ts";
import { codeOf, disputeStateOf, intentStateOf, refundStateOf } from "./stripe-states.ts";

export type StripeProviderOptions = {
  readonly secretKey: string;
  /** Where Stripe is, unless it is Stripe. */
  readonly url?: string | undefined;
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  /** Where the shopper comes back to from what the provider wanted of them. */
  readonly returnUrl: string;
};

/** Stripe, by its own SDK: payment methods, and payment intents that are captured by hand. */
export const stripeProvider = (options: StripeProviderOptions): PaymentProvider => {
  const stripe = stripeClient(options);
  const { returnUrl } = options;
  return {
    inspect: ({ token, signal }) => asked(signal, async () => inspection(stripe, token)),
    authorize: ({ paymentId, amount, token, key, signal }) =>
      asked(signal, async () => {
        const money = toStripe(amount);
        if (!money) return { outcome: "failed", code: "amount_not_offered" };
        const params = { ...intentParams, ...money, payment_method: token, return_url: withPayment(returnUrl, paymentId) };
        try {
          return intentStateOf(await stripe.paymentIntents.create({ ...params, metadata: { paymentId } }, { idempotencyKey: key }));
        } catch (error) {
          if (isCardError(error)) return { outcome: "declined", code: codeOf(error) };
          if (isRefusal(error)) return { outcome: "failed", code: codeOf(error) };
          throw error;
        }
      }),
    capture: ({ providerReference, amount, key, signal }) =>
      asked(signal, async () => {
        const money = toStripe(amount);
        if (!money) return { outcome: "refused", code: "amount_not_offered" };
        try {
          const params = { amount_to_capture: money.amount };
          return intentStateOf(await stripe.paymentIntents.capture(providerReference, params, { idempotencyKey: key }));
        } catch (error) {
          if (!isRefusal(error) && !isCardError(error)) throw error;
          const now = isElsewhere(error) ? await stateOf(stripe, providerReference) : null;
          return now && now.outcome !== "authorized" ? now : { outcome: "refused", code: codeOf(error) };
        }
      }),
    void: ({ providerReference, key, signal }) =>
      asked(signal, async () => {
        try {
          return intentStateOf(await stripe.paymentIntents.cancel(providerReference, {}, { idempotencyKey: key }));
        } catch (error) {
          const now = isElsewhere(error) ? await stateOf(stripe, providerReference) : null;
          if (now?.outcome === "canceled" || now?.outcome === "captured") return now;
          throw error;
        }
      }),
    refund: ({ paymentId, refundId, providerReference, amount, key, signal }) =>
      asked(signal, async () => {
        const money = toStripe(amount);
        if (!money) return { outcome: "failed", refundId, amount, code: "amount_not_offered" };
        const params = { payment_intent: providerReference, amount: money.amount, metadata: { paymentId, refundId } };
        try {
          return refundStateOf(await stripe.refunds.create(params, { idempotencyKey: key }));
        } catch (error) {
          if (isRefusal(error) || isCardError(error)) return { outcome: "failed", refundId, amount, code: codeOf(error) };
          throw error;
        }
      }),
    find: ({ paymentId, providerReference, signal }) =>
      asked(signal, async (): Promise<Standing> => {
        const intent = await intentOf(stripe, { paymentId, providerReference });
        if (!intent) return { state: null, refunds: [], disputes: [] };
        const of = { payment_intent: intent.id, limit: 100 };
        const refunds = await stripe.refunds.list(of);
        const disputes = await stripe.disputes.list(of);
        return { state: intentStateOf(intent), refunds: refunds.data.map(refundStateOf), disputes: disputes.data.map(disputeStateOf) };
      }),
  };
};

/** The SDK over fetch, so that it runs wherever the service does. What fails is tried again by whoever knows what was asked before. */
export const stripeClient = ({ secretKey, url, fetch, timeoutMs }: Omit<StripeProviderOptions, "returnUrl">): Stripe => {
  const { hostname, port, protocol } = new URL(url ?? "https://api.stripe.com");
  const elsewhere = { host: hostname, protocol: protocol === "http:" ? ("http" as const) : ("https" as const), ...(port && { port }) };
  // The SDK's own type of a fetch function is wider than what it calls it with.
  const httpClient = fetch ? Stripe.createFetchHttpClient(fetch as unknown as typeof globalThis.fetch) : Stripe.createFetchHttpClient();
  return new Stripe(secretKey, { httpClient, maxNetworkRetries: 0, timeout: timeoutMs, telemetry: false, ...elsewhere });
};

const intentParams = {
  payment_method_types: ["card"],
  capture_method: "manual" as const,
  confirm: true,
  expand: ["latest_charge"],
};

const withPayment = (returnUrl: string, paymentId: string): string => {
  const url = new URL(returnUrl);
  url.searchParams.set("paymentId", paymentId);
  return url.href;
};

const inspection = async (stripe: Stripe, token: string) => {
  try {
    const { card } = await stripe.paymentMethods.retrieve(token);
    if (!card) return { outcome: "refused" as const, code: "not_a_card" };
    const { brand, last4, country, fingerprint } = card;
    const facts: CardFacts = { fingerprint: fingerprint ?? token, brand, last4, country, funding: fundingOf(card.funding) };
    return { outcome: "card" as const, card: facts };
  } catch (error) {
    if (isRefusal(error)) return { outcome: "refused" as const, code: codeOf(error) };
    throw error;
  }
};

const fundingOf = (funding: string): CardFacts["funding"] =>
  funding === "credit" || funding === "debit" || funding === "prepaid" ? funding : "unknown";

const stateOf = async (stripe: Stripe, providerReference: string): Promise<IntentState> =>
  intentStateOf(await stripe.paymentIntents.retrieve(providerReference, { expand: ["latest_charge"] }));

const intentOf = async (
  stripe: Stripe,
  { paymentId, providerReference }: { paymentId: string; providerReference: string | null },
): Promise<Stripe.PaymentIntent | null> => {
  if (providerReference === null) {
    const query = `metadata['paymentId']:'${paymentId}'`;
    const { data } = await stripe.paymentIntents.search({ query, limit: 10, expand: ["data.latest_charge"] });
    return data.find(({ metadata }) => metadata.paymentId === paymentId) ?? null;
  }
  try {
    return await stripe.paymentIntents.retrieve(providerReference, { expand: ["latest_charge"] });
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

/** Ends with the signal, whatever the SDK still waits for: its answer then counts for nothing here. */
const asked = async <Answer>(signal: AbortSignal, call: () => Promise<Answer>): Promise<Answer> => {
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([call(), ended.promise]);
  } catch (error) {
    throw providerError(error);
  } finally {
    signal.removeEventListener("abort", end);
  }
};
