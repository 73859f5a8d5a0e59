import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { type CardFacts, PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { Decision } from "@cartwright/decider/decision";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { BillingRefusal } from "../refusals.ts";
import { captureByHand } from "./capture-by-hand.ts";
import { endAuthorization } from "./end-authorization.ts";
import { evolve } from "./evolve.ts";
import { absentPayment, type ExistingPayment, type Payment, refundableOf } from "./payment.ts";
import { presentPaymentMethod } from "./present-payment-method.ts";
import { recordCaptureRefusal } from "./record-capture-refusal.ts";
import { recordDispute } from "./record-dispute.ts";
import { recordInspection } from "./record-inspection.ts";
import { recordIntent } from "./record-intent.ts";
import { recordRefund } from "./record-refund.ts";
import { recordUnknown } from "./record-unknown.ts";
import { requestCapture } from "./request-capture.ts";
import { requestCheck } from "./request-check.ts";
import { requestPayment } from "./request-payment.ts";
import { requestRefund } from "./request-refund.ts";
import { retryCapture } from "./retry-capture.ts";
import { voidByHand } from "./void-by-hand.ts";
import { withdrawPayment } from "./withdraw-payment.ts";

const now = Instant.parse("2026-01-31T09:45:00.000Z");
const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
const checkoutId = checkoutIdOf(cartId, 1);
const ids = { paymentId: paymentIdOf(checkoutId), checkoutId, cartId };
const orderId = orderIdOf(checkoutId);
const authorizedMinor = 2_000;
const amount = { amountMinor: authorizedMinor, currency: "EUR" } as const;
const paymentToken = PaymentToken.parse("pm_card_visa");
const who = { owner: SubjectId.parse("user-123"), ownerKind: "user" } as const;
const card: CardFacts = { fingerprint: "fp", brand: "visa", last4: "4242", country: "US", funding: "credit" };
const providerReference = "pi_1";
const action = { kind: "redirect", url: "https://bank.example/3ds" } as const;
const told = { providerEventId: "evt_1", providerEventType: "payment_intent.anything", occurredAt: now };

type Step = (payment: Payment) => Decision<BillingEvent, BillingRefusal>;
const existing =
  (step: (payment: ExistingPayment) => Decision<BillingEvent, BillingRefusal>): Step =>
  (payment) =>
    payment.status === "Absent" ? { accepted: true, events: [] } : step(payment);

const euros = fc.integer({ min: 1, max: 3_000 }).map((amountMinor) => ({ amountMinor, currency: "EUR" as const }));
const named = (name: string, step: Step): [string, Step] => [name, step];
const refundId = fc.constantFrom(`${ids.paymentId}.r1`, `${ids.paymentId}.r2`, "re_elsewhere");

/** Whoever may speak of a payment, at any time and in any order: the cart, the provider, people, timers. */
const step: fc.Arbitrary<[string, Step]> = fc.oneof(
  fc.constantFrom<[string, Step]>(
    named("present", (payment) => presentPaymentMethod({ ...ids, ...who, amount, paymentToken, now }, payment)),
    named("inspect", (payment) => recordInspection({ inspection: { outcome: "card", card }, now }, payment)),
    named("request", (payment) => requestPayment({ now }, payment)),
    named("order", (payment) => requestCapture({ orderId, isManual: false, now }, payment)),
    named("order, captured by hand", (payment) => requestCapture({ orderId, isManual: true, now }, payment)),
    named("checkout failed", (payment) => withdrawPayment({ because: "checkoutFailed", now }, payment)),
    named("order cancelled", (payment) => withdrawPayment({ because: "orderCancelled", now }, payment)),
    named("near the end", (payment) => endAuthorization({ now }, payment)),
    named("check", (payment) => requestCheck({ now }, payment)),
    named(
      "void by hand",
      existing((payment) => voidByHand({ now }, payment)),
    ),
    named("action required", (payment) =>
      recordIntent({ state: { outcome: "actionRequired", providerReference, action }, now, told }, payment),
    ),
    named("authorized", (payment) =>
      recordIntent({ state: { outcome: "authorized", providerReference, amount, captureBefore: null }, now, told }, payment),
    ),
    named("declined", (payment) => recordIntent({ state: { outcome: "declined", code: "no" }, now, told }, payment)),
    named("canceled", (payment) =>
      recordIntent({ state: { outcome: "canceled", providerReference, reason: "requested" }, now, told }, payment),
    ),
    named("expired", (payment) =>
      recordIntent({ state: { outcome: "canceled", providerReference, reason: "expired" }, now, told }, payment),
    ),
  ),
  euros.map((taken) =>
    named(`captured ${taken.amountMinor}`, (payment) =>
      recordIntent({ state: { outcome: "captured", providerReference, amount: taken }, now, told }, payment),
    ),
  ),
  fc
    .integer({ min: 1, max: 4 })
    .map((attempt) =>
      named(`capture ${attempt} refused`, (payment) => recordCaptureRefusal({ attempt, code: "no", maxAttempts: 3, now }, payment)),
    ),
  fc.integer({ min: 1, max: 4 }).map((attempt) => named(`capture ${attempt}`, (payment) => retryCapture({ attempt, now }, payment))),
  euros.map((wanted) =>
    named(
      `capture ${wanted.amountMinor} by hand`,
      existing((payment) => captureByHand({ amount: wanted, now }, payment)),
    ),
  ),
  fc.option(euros, { nil: undefined }).map((wanted) =>
    named(
      `refund ${wanted?.amountMinor}`,
      existing((payment) => requestRefund({ amount: wanted, now }, payment)),
    ),
  ),
  fc
    .tuple(refundId, euros)
    .map(([id, gone]) =>
      named(`refunded ${id} ${gone.amountMinor}`, (payment) =>
        recordRefund({ refund: { outcome: "refunded", refundId: id, amount: gone }, now, told }, payment),
      ),
    ),
  fc
    .tuple(refundId, euros)
    .map(([id, gone]) =>
      named(`refund ${id} failed`, (payment) =>
        recordRefund({ refund: { outcome: "failed", refundId: id, amount: gone, code: "no" }, now, told }, payment),
      ),
    ),
  fc
    .constantFrom(null, "won" as const, "lost" as const)
    .map((outcome) =>
      named(`dispute ${outcome}`, (payment) =>
        recordDispute({ dispute: { disputeReference: "dp_1", amount, reason: "fraudulent", outcome }, now, told }, payment),
      ),
    ),
  fc
    .constantFrom("authorize" as const, "capture" as const, "void" as const, "refund" as const)
    .map((operation) => named(`${operation} unknown`, (payment) => recordUnknown({ operation, now }, payment))),
);

const holds = (payment: ExistingPayment, events: readonly BillingEvent[]) => {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, each) => total + each, 0);
  const captures = sum(events.flatMap(({ type, data }) => (type === "PaymentCaptured" ? [data.amount.amountMinor] : [])));
  expect(captures).toBeLessThanOrEqual(authorizedMinor);
  expect(payment.captured.amountMinor).toBe(captures);
  const refunded = sum(payment.refunds.flatMap((refund) => (refund.status === "refunded" ? [refund.amount.amountMinor] : [])));
  expect(payment.refunded.amountMinor).toBe(refunded);
  expect(refunded).toBeLessThanOrEqual(captures);
  expect(refundableOf(payment).amountMinor).toBeLessThanOrEqual(captures - refunded);
  expect(new Set(events.flatMap(({ data }) => ("amount" in data ? [data.amount.currency] : [])))).toEqual(new Set(["EUR"]));
  const count = (wanted: BillingEvent["type"]) => events.filter(({ type }) => type === wanted).length;
  expect([count("PaymentAuthorized") <= 1, count("PaymentCaptured") <= 1, count("PaymentVoidRequested") <= 1]).toEqual([true, true, true]);
  // Nothing is held, taken or kept that nobody wants: it is on its way back.
  if (payment.isWithdrawn) expect(["Authorized", "CaptureFailed"]).not.toContain(payment.status);
  for (const event of events) expect(billingEvents.decode({ ...billingEvents.encode(event) })).toEqual(event);
};

test("whoever speaks of a payment in whatever order: no more is taken than is authorized, no more goes back than was taken", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      let payment: Payment = absentPayment;
      const events: BillingEvent[] = [];
      for (const [, decide] of steps) {
        const decision = decide(payment);
        if (!decision.accepted) continue;
        for (const event of decision.events) {
          events.push(event);
          payment = evolve(payment, event);
        }
        if (payment.status !== "Absent") holds(payment, events);
      }
    }),
    { numRuns: 400 },
  );
}, 60_000);

const opening: readonly Step[] = [
  (payment) => presentPaymentMethod({ ...ids, ...who, amount, paymentToken, now }, payment),
  (payment) => recordInspection({ inspection: { outcome: "card", card }, now }, payment),
  (payment) => requestPayment({ now }, payment),
];

test("the same of payments that the provider was asked for", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      let payment: Payment = absentPayment;
      const events: BillingEvent[] = [];
      for (const decide of [...opening, ...steps.map(([, each]) => each)]) {
        const decision = decide(payment);
        if (!decision.accepted) continue;
        events.push(...decision.events);
        payment = decision.events.reduce(evolve, payment);
        if (payment.status !== "Absent") holds(payment, events);
      }
    }),
    { numRuns: 600 },
  );
}, 60_000);
