import type { CardFacts } from "@cartwright/contracts/payment-shapes";
import * as z from "zod";
import { type Authorization, type Inspection, type PaymentProvider, ProviderAway, ProviderRefused } from "./payment-provider.ts";

export type StripeProviderOptions = {
  /** Such as `https://api.stripe.com`. */
  readonly url: string;
  readonly secretKey: string;
  readonly fetch?: (request: Request) => Promise<Response>;
};

/** A provider that is spoken to by Stripe's HTTP API: payment methods, and payment intents that are captured by hand. */
export const stripeProvider = ({ url, secretKey, fetch = globalThis.fetch }: StripeProviderOptions): PaymentProvider => {
  const call = async (path: string, { signal, key, form }: Call): Promise<Answer> => {
    const request = new Request(`${url}/v1/${path}`, {
      method: form ? "POST" : "GET",
      signal,
      headers: {
        authorization: `Bearer ${secretKey}`,
        ...(form && { "content-type": "application/x-www-form-urlencoded" }),
        ...(key !== undefined && { "idempotency-key": key }),
      },
      ...(form && { body: new URLSearchParams(form).toString() }),
    });
    try {
      const response = await fetch(request);
      return { status: response.status, body: await response.json() };
    } catch (cause) {
      throw new ProviderAway(`no answer to ${path}`, { cause });
    }
  };
  return {
    inspect: async ({ token, signal }) => inspectionOf(await call(`payment_methods/${token}`, { signal })),
    authorize: async ({ paymentId, amount, token, ...keyed }) => {
      const form = {
        amount: String(amount.amountMinor),
        currency: amount.currency.toLowerCase(),
        payment_method: token,
        "payment_method_types[]": "card",
        capture_method: "manual",
        confirm: "true",
        "metadata[paymentId]": paymentId,
      };
      return authorizationOf(await call("payment_intents", { ...keyed, form }));
    },
    capture: async ({ providerReference, amount, ...keyed }) => {
      const form = { amount_to_capture: String(amount.amountMinor) };
      expectStatus(await call(`payment_intents/${providerReference}/capture`, { ...keyed, form }), "succeeded");
    },
    void: async ({ providerReference, ...keyed }) => {
      expectStatus(await call(`payment_intents/${providerReference}/cancel`, { ...keyed, form: {} }), "canceled");
    },
  };
};

type Call = { signal: AbortSignal; key?: string; form?: Record<string, string> };
type Answer = { status: number; body: unknown };

const PaymentMethod = z.object({
  card: z.object({
    brand: z.string(),
    last4: z.string(),
    country: z.string().nullable(),
    fingerprint: z.string(),
    funding: z.enum(["credit", "debit", "prepaid", "unknown"]),
  }),
});
const PaymentIntent = z.object({ id: z.string(), status: z.string() });
const ErrorBody = z.object({ error: z.object({ code: z.string().default("unknown"), decline_code: z.string().optional() }) });

const inspectionOf = (answer: Answer): Inspection => {
  if (answer.status === 404) return { outcome: "refused", code: codeOf(answer) };
  const { card } = PaymentMethod.parse(succeeded(answer));
  const { fingerprint, brand, last4, country, funding }: CardFacts = card;
  return { outcome: "card", card: { fingerprint, brand, last4, country, funding } };
};

/** 402 is the card's own no. What needs the shopper is, as long as nobody can ask them, a no as well. */
const authorizationOf = (answer: Answer): Authorization => {
  if (answer.status === 402) return { outcome: "declined", code: codeOf(answer) };
  const { id, status } = PaymentIntent.parse(succeeded(answer));
  if (status === "requires_capture") return { outcome: "authorized", providerReference: id };
  return { outcome: "declined", code: status === "requires_action" ? "authentication_required" : "not_authorized" };
};

const expectStatus = (answer: Answer, wanted: string): void => {
  const { id, status } = PaymentIntent.parse(succeeded(answer));
  if (status !== wanted) throw new ProviderRefused(`${id} is ${status} and not ${wanted}`);
};

/** 409: the same call is under way; 429: too many; 5xx: nobody knows. */
const succeeded = (answer: Answer): unknown => {
  const { status, body } = answer;
  if (status === 409 || status === 429 || status >= 500) throw new ProviderAway(`the provider answered ${status}`);
  if (status >= 400) throw new ProviderRefused(`the provider answered ${status}: ${codeOf(answer)}`);
  return body;
};

const codeOf = ({ body }: Answer): string => {
  const { error } = ErrorBody.parse(body);
  return error.decline_code ?? error.code;
};
