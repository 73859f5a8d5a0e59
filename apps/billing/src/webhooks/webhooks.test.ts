import { type BillingEvent, billingEvents, paymentStreamId } from "@cartwright/contracts/billing-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { silentLogger } from "@cartwright/service-kit/logger";
import { serviceApp } from "@cartwright/service-kit/service-app";
import { fakeClock } from "@cartwright/testkit/fake-clock";
import { describe, expect, test } from "vitest";
import { paymentModel } from "../payments/payment-model.ts";
import { stripeClient } from "../provider/stripe-provider.ts";
import { stripeSignature } from "../simulator/stripe-signature.ts";
import { type HeardEvent, hearProvider } from "./hear-provider.ts";
import { readStripeWebhook } from "./read-stripe-webhook.ts";
import { webhookRoutes } from "./webhook-routes.ts";

const secret = "whsec_test";
const at = Instant.parse("2026-01-01T00:00:00.000Z");
const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
const checkoutId = checkoutIdOf(cartId, 1);
const ids = { paymentId: paymentIdOf(checkoutId), checkoutId, cartId };
const amount = { amountMinor: 2_000, currency: "EUR" } as const;
const paymentToken = PaymentToken.parse("pm_card_visa");
const card = { fingerprint: "fp", brand: "visa", last4: "4242", country: "US", funding: "credit" } as const;
const who = { owner: SubjectId.parse("user-123"), ownerKind: "user" } as const;

const requested: readonly BillingEvent[] = [
  { type: "PaymentMethodPresented", data: { ...ids, ...who, amount, paymentToken, presentedAt: at } },
  { type: "PaymentMethodInspected", data: { ...ids, ...who, amount, card, inspectedAt: at } },
  { type: "PaymentRequested", data: { ...ids, amount, paymentToken, requestedAt: at } },
];

const providerReference = "pi_1";
const held = { ...ids, amount, providerReference };
const orderId = orderIdOf(checkoutId);
const asked: readonly BillingEvent[] = [
  ...requested,
  { type: "PaymentAuthorized", data: { ...held, authorizedAt: at, captureBefore: at } },
  { type: "PaymentCaptureRequested", data: { ...held, orderId, attempt: 1, requestedAt: at } },
];
const taken: readonly BillingEvent[] = [
  ...asked,
  { type: "PaymentCaptured", data: { ...held, ...who, orderId, capturedTotal: amount, capturedAt: at } },
];

type Fetch = (url: string) => Promise<Response>;
const nobody: Fetch = () => Promise.reject(new Error("nobody is to be asked"));
/** Stripe, which knows whose the intent is. */
const whose: Fetch = async (url) => {
  expect(new URL(url).pathname).toBe("/v1/payment_intents/pi_1");
  return Response.json({ id: "pi_1", object: "payment_intent", metadata: { paymentId: ids.paymentId } });
};

const bench = async (past: readonly BillingEvent[] = requested, ask: Fetch = nobody) => {
  const clock = fakeClock();
  const log = inMemoryEventLog({ name: "billing" });
  const handler = commandHandler({ log, model: paymentModel });
  const streamId = paymentStreamId(ids.paymentId);
  const metadata = { correlationId: "the-checkout" };
  await handler.handle({ streamId, fingerprint: "a test", metadata, decide: () => ({ accepted: true, events: past }) });
  const heardEvents = new Map<string, HeardEvent>();
  const heard = {
    has: async (id: string) => heardEvents.has(id),
    add: async (event: HeardEvent) => void heardEvents.set(event.providerEventId, event),
  };
  const stripe = stripeClient({ secretKey: "sk_test", timeoutMs: 100, fetch: ask });
  const read = readStripeWebhook({ stripe, secret, now: clock.now });
  const hear = hearProvider({ read, heard, handler, log, now: clock.now, maxRefundAttempts: 3 });
  const app = serviceApp({ logger: silentLogger });
  app.route("/webhooks", webhookRoutes({ hear }));
  const post = async (payload: string, { key = secret, sent = clock.now() } = {}) => {
    const signature = await stripeSignature({ payload, secret: key, at: sent });
    return app.request("/webhooks/stripe", { method: "POST", body: payload, headers: { "stripe-signature": signature } });
  };
  const types = async () => (await log.readStream(streamId)).slice(past.length).map((event) => billingEvents.decode(event).type);
  return { app, clock, heardEvents, post, types, metadata: async () => (await log.readStream(streamId)).at(-1)?.metadata };
};

const intent = (id: string, type: string, facts: object) =>
  JSON.stringify({
    ...{ id, object: "event", type: `payment_intent.${type}`, created: Date.parse(at) / 1_000 },
    data: {
      object: {
        ...{ id: "pi_1", object: "payment_intent", amount: 2_000, currency: "eur", amount_received: 0, latest_charge: null },
        ...{ metadata: { paymentId: ids.paymentId }, last_payment_error: null, cancellation_reason: null, next_action: null, ...facts },
      },
    },
  });
const about = (type: string, object: object, id = `evt_${type.replaceAll(".", "_")}`) =>
  JSON.stringify({ id, object: "event", type, created: Date.parse(at) / 1_000, data: { object } });
const refund = (type: string, status: string, { id = "re_1", metadata = {}, ...more }: Record<string, unknown> = {}) =>
  about(`refund.${type}`, { id, object: "refund", amount: 500, currency: "eur", payment_intent: "pi_1", status, metadata, ...more });
const dispute = (type: string, status: string) =>
  about(`charge.dispute.${type}`, {
    ...{ id: "dp_1", object: "dispute", amount: 2_000, currency: "eur", payment_intent: "pi_1" },
    ...{ status, reason: "fraudulent", metadata: {} },
  });
const succeeded = intent("evt_succeeded", "succeeded", { status: "succeeded", amount_received: 2_000 });
const authorized = intent("evt_authorized", "amount_capturable_updated", { status: "requires_capture" });
const declined = intent("evt_declined", "payment_failed", {
  status: "requires_payment_method",
  last_payment_error: { code: "card_declined", decline_code: "insufficient_funds" },
});
const expired = intent("evt_expired", "canceled", { status: "canceled", cancellation_reason: "expired" });

describe("a webhook", () => {
  test("drives a payment by itself, in the request that began it, and once, however often it is sent", async () => {
    const { post, types, metadata, heardEvents } = await bench();
    const answers = await Promise.all([post(authorized), post(authorized), post(authorized)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await (await post(authorized)).json()).toEqual({ received: true, hearing: "heardBefore" });
    // It does not say until when the money is held: that is asked for.
    expect(await types()).toEqual(["PaymentAuthorized", "PaymentCheckRequested"]);
    expect(await metadata()).toMatchObject({ correlationId: "the-checkout", actor: { subject: "payment-provider" } });
    expect([...heardEvents.keys()]).toEqual(["evt_authorized"]);
  });

  test("is refused when somebody else has signed it, when it was changed, and when it comes again later", async () => {
    const { app, clock, post, types } = await bench();
    expect((await post(authorized, { key: "whsec_other" })).status).toBe(400);
    const signature = await stripeSignature({ payload: authorized, secret, at: clock.now() });
    const changed = { method: "POST", body: authorized.replace("2000", "1000"), headers: { "stripe-signature": signature } };
    expect((await app.request("/webhooks/stripe", changed)).status).toBe(400);
    expect((await app.request("/webhooks/stripe", { method: "POST", body: authorized })).status).toBe(400);
    const sent = clock.now();
    clock.advance(301_000);
    expect((await post(authorized, { sent })).status).toBe(400);
    expect(await types()).toEqual([]);
  });

  test("that comes too late is kept, and changes nothing", async () => {
    const { post, types } = await bench();
    await post(authorized);
    await post(declined);
    await post(declined);
    expect(await types()).toEqual(["PaymentAuthorized", "PaymentCheckRequested", "PaymentProviderEventSetAside"]);
  });

  test("tells of a card that does not pay, and of an authorization that has run out", async () => {
    const no = await bench();
    await no.post(declined);
    expect(await no.types()).toEqual(["PaymentDeclined"]);
    const late = await bench();
    await late.post(authorized);
    await late.post(expired);
    expect(await late.types()).toEqual(["PaymentAuthorized", "PaymentCheckRequested", "PaymentExpired"]);
  });

  test("of a payment that was declined and is held after all has it given back", async () => {
    const { post, types } = await bench();
    await post(declined);
    await post(authorized);
    expect(await types()).toEqual(["PaymentDeclined", "PaymentAuthorized", "PaymentVoidRequested"]);
  });

  test("about another amount, or about what is not ours, changes nothing", async () => {
    const { post, types } = await bench();
    await post(intent("evt_other", "amount_capturable_updated", { status: "requires_capture", amount: 1_000 }));
    expect(await types()).toEqual(["PaymentProviderEventSetAside"]);
    const foreign = intent("evt_foreign", "amount_capturable_updated", { status: "requires_capture", metadata: {} });
    expect(await (await post(foreign)).json()).toEqual({ received: true, hearing: "notOurs" });
  });

  test("of a refund that was made at the provider counts, whoever has to be asked whose it is", async () => {
    const { post, types } = await bench(taken, whose);
    await post(refund("created", "pending"));
    await post(refund("updated", "succeeded"));
    expect(await types()).toEqual(["PaymentRefunded"]);
    await post(refund("failed", "failed", { failure_reason: "expired_or_canceled_card" }));
    expect(await types()).toEqual(["PaymentRefunded", "PaymentRefundFailed"]);
  });

  test("of a refund of ours says itself whose it is", async () => {
    const refundId = `${ids.paymentId}.r1`;
    const refundAsked: BillingEvent = {
      type: "PaymentRefundRequested",
      data: { ...ids, orderId, refundId, amount: { ...amount, amountMinor: 500 }, providerReference, requestedAt: at },
    };
    const { post, types } = await bench([...taken, refundAsked]);
    await post(refund("created", "succeeded", { metadata: { paymentId: ids.paymentId, refundId } }));
    await post(refund("updated", "succeeded", { metadata: { paymentId: ids.paymentId, refundId } }));
    expect(await types()).toEqual(["PaymentRefunded"]);
  });

  test("of a dispute is followed from the inquiry to its end", async () => {
    const { post, types } = await bench(taken, whose);
    await post(dispute("created", "warning_needs_response"));
    await post(dispute("updated", "needs_response"));
    await post(dispute("closed", "lost"));
    expect(await types()).toEqual(["PaymentDisputed", "PaymentDisputed", "PaymentDisputeClosed"]);
  });

  test("of a refund or a dispute that comes before the one of the capture is kept, and counts after it", async () => {
    const { post, types, heardEvents } = await bench(asked, whose);
    await post(dispute("created", "needs_response"));
    await post(refund("created", "succeeded"));
    const kept = ["PaymentProviderNewsKept", "PaymentCheckRequested", "PaymentProviderNewsKept", "PaymentCheckRequested"];
    expect(await types()).toEqual(kept);
    expect(await (await post(dispute("created", "needs_response"))).json()).toEqual({ received: true, hearing: "heardBefore" });
    await post(succeeded);
    expect(await types()).toEqual([...kept, "PaymentCaptured", "PaymentDisputed", "PaymentRefunded"]);
    expect([...heardEvents.values()].map(({ changed }) => changed)).toEqual([true, true, true]);
  });

  test("of a capture after the payment was given up has the money given back", async () => {
    const { post, types } = await bench();
    await post(declined);
    await post(succeeded);
    expect(await types()).toEqual(["PaymentDeclined", "PaymentCaptured", "PaymentDiscrepancyFound", "PaymentRefundRequested"]);
  });
});
