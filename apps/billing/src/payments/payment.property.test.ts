import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import { instantOf } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Standing } from "../provider/payment-provider.ts";
import type { BillingRefusal } from "../refusals.ts";
import { captureByHand } from "./capture-by-hand.ts";
import { endAuthorization } from "./end-authorization.ts";
import { evolve } from "./evolve.ts";
import { absentPayment, type ExistingPayment, type Payment, refundableOf } from "./payment.ts";
import { amount, card, ids, now, orderId, paymentToken, providerReference, rules, told, who } from "./payment-spec.ts";
import { presentPaymentMethod } from "./present-payment-method.ts";
import { recordCaptureRefusal } from "./record-capture-refusal.ts";
import { recordCheck } from "./record-check.ts";
import { recordDispute } from "./record-dispute.ts";
import { recordInspection } from "./record-inspection.ts";
import { recordIntent } from "./record-intent.ts";
import { recordRefund } from "./record-refund.ts";
import { recordUnknown } from "./record-unknown.ts";
import { requestCapture } from "./request-capture.ts";
import { requestCheck, requestOpenCheck } from "./request-check.ts";
import { requestPayment } from "./request-payment.ts";
import { requestRefund } from "./request-refund.ts";
import { retryCapture } from "./retry-capture.ts";
import { retryRefund } from "./retry-refund.ts";
import { voidByHand } from "./void-by-hand.ts";
import { withdrawPayment } from "./withdraw-payment.ts";

const authorizedMinor = amount.amountMinor;
const soon = instantOf(new Date(Date.parse(now) + 3_600_000));
const action = { kind: "redirect", url: "https://bank.example/3ds" } as const;

type Step = (payment: Payment) => Decision<BillingEvent, BillingRefusal>;
const existing =
  (step: (payment: ExistingPayment) => Decision<BillingEvent, BillingRefusal>): Step =>
  (payment) =>
    payment.status === "Absent" ? accept() : step(payment);

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
    named("check what is open", (payment) => requestOpenCheck({ now }, payment)),
    named("give back anew", (payment) => retryRefund({ now }, payment)),
    named("takes what it was asked for", (payment) => takes(payment)),
    named(
      "void by hand",
      existing((payment) => voidByHand({ now }, payment)),
    ),
    named("action required", (payment) =>
      recordIntent({ state: { outcome: "actionRequired", providerReference, action }, now, told, ...rules }, payment),
    ),
    named("is asked, and wants the shopper still", (payment) =>
      recordCheck(
        { standing: { state: { outcome: "actionRequired", providerReference, action }, refunds: [], disputes: [] }, now, ...rules },
        payment,
      ),
    ),
    named("authorized", (payment) =>
      recordIntent({ state: { outcome: "authorized", providerReference, amount, captureBefore: null }, now, told, ...rules }, payment),
    ),
    named("authorized until an hour from now", (payment) =>
      recordIntent({ state: { outcome: "authorized", providerReference, amount, captureBefore: soon }, now, ...rules }, payment),
    ),
    named("declined", (payment) => recordIntent({ state: { outcome: "declined", code: "no" }, now, told, ...rules }, payment)),
    named("canceled", (payment) =>
      recordIntent({ state: { outcome: "canceled", providerReference, reason: "requested" }, now, told, ...rules }, payment),
    ),
    named("expired", (payment) =>
      recordIntent({ state: { outcome: "canceled", providerReference, reason: "expired" }, now, told, ...rules }, payment),
    ),
  ),
  euros.map((taken) =>
    named(`captured ${taken.amountMinor}`, (payment) =>
      recordIntent({ state: { outcome: "captured", providerReference, amount: taken }, now, told, ...rules }, payment),
    ),
  ),
  fc
    .integer({ min: 1, max: 4 })
    .map((attempt) =>
      named(`capture ${attempt} refused`, (payment) => recordCaptureRefusal({ attempt, code: "no", maxAttempts: 3, now }, payment)),
    ),
  fc.integer({ min: 1, max: 4 }).map((attempt) => named(`retry ${attempt}`, (payment) => retryCapture({ attempt, now }, payment))),
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
        recordRefund({ refund: { outcome: "refunded", refundId: id, amount: gone }, now, told, ...rules }, payment),
      ),
    ),
  fc
    .tuple(refundId, euros)
    .map(([id, gone]) =>
      named(`refund ${id} failed`, (payment) =>
        recordRefund({ refund: { outcome: "failed", refundId: id, amount: gone, code: "no" }, now, told, ...rules }, payment),
      ),
    ),
  fc
    .tuple(
      fc.constantFrom("dp_1", "dp_2"),
      fc.constantFrom("inquiry" as const, "chargeback" as const),
      fc.constantFrom(null, "won" as const, "lost" as const, "inquiryClosed" as const, "prevented" as const),
    )
    .map(([disputeReference, stage, outcome]) =>
      named(`dispute ${disputeReference} ${stage} ${outcome}`, (payment) =>
        recordDispute({ dispute: { disputeReference, amount, reason: "fraudulent", stage, outcome }, now, told }, payment),
      ),
    ),
  fc
    .tuple(euros, refundId)
    .map(
      ([money, id]): Standing => ({
        state: { outcome: "captured", providerReference, amount: money },
        refunds: [{ outcome: "refunded", refundId: id, amount: money }],
        disputes: [],
      }),
    )
    .map((standing) => named("is asked", (payment) => recordCheck({ standing, now, ...rules }, payment))),
  fc
    .tuple(fc.constantFrom("authorize" as const, "capture" as const, "void" as const, "refund" as const), fc.integer({ min: 1, max: 3 }))
    .map(([operation, ordinal]) =>
      named(`${operation} ${ordinal} unknown`, (payment) => recordUnknown({ operation, ordinal, now }, payment)),
    ),
);

/** A provider that does as it is told. */
const takes = (payment: Payment): ReturnType<Step> =>
  payment.status === "CaptureRequested"
    ? recordIntent({ state: { outcome: "captured", providerReference, amount: payment.captureAmount }, now, ...rules }, payment)
    : accept();

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
  // Nothing is held, taken or kept that nobody wants: it is on its way back, or that has failed and is told.
  if (payment.isWithdrawn) expect(["Authorized", "CaptureFailed"]).not.toContain(payment.status);
  if (payment.isUnwanted && refundableOf(payment).amountMinor > 0) expect(payment.refunds.map(({ status }) => status)).toContain("failed");
  for (const event of events) expect(billingEvents.decode({ ...billingEvents.encode(event) })).toEqual(event);
};

/** Runs the steps on a payment that begins with `opening`, and looks at it after each. */
const run = (opening: readonly [string, Step][], steps: readonly [string, Step][]) => {
  let payment: Payment = absentPayment;
  const events: BillingEvent[] = [];
  for (const [name, decide] of [...opening, ...steps]) {
    const decision = decide(payment);
    if (!decision.accepted) continue;
    const before = payment;
    events.push(...decision.events);
    payment = decision.events.reduce(evolve, payment);
    if (payment.status !== "Absent") holds(payment, events);
    if (before.status !== "Absent" && name.startsWith("retry")) asksForNoMore(before, decision.events);
    if (before.status !== "Absent" && name === "takes what it was asked for") tookNoMore(before, payment);
  }
};

const asksForNoMore = ({ captureAmount }: ExistingPayment, events: readonly BillingEvent[]) => {
  for (const { type, data } of events) if (type === "PaymentCaptureRequested") expect(data.amount).toEqual(captureAmount);
};

const tookNoMore = ({ status, captureAmount }: ExistingPayment, after: Payment) => {
  if (status === "CaptureRequested" && after.status !== "Absent") expect(after.captured).toEqual(captureAmount);
};

test("whoever speaks of a payment in whatever order: no more is taken than is asked for, no more goes back than was taken", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => run([], steps)),
    { numRuns: 400 },
  );
}, 60_000);

const opening: readonly [string, Step][] = [
  named("present", (payment) => presentPaymentMethod({ ...ids, ...who, amount, paymentToken, now }, payment)),
  named("inspect", (payment) => recordInspection({ inspection: { outcome: "card", card }, now }, payment)),
  named("request", (payment) => requestPayment({ now }, payment)),
];

test("the same of payments that the provider was asked for", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => run(opening, steps)),
    { numRuns: 600 },
  );
}, 60_000);

const held: readonly [string, Step][] = [
  ...opening,
  named("authorized", (payment) =>
    recordIntent({ state: { outcome: "authorized", providerReference, amount, captureBefore: null }, now, ...rules }, payment),
  ),
  named("order, captured by hand", (payment) => requestCapture({ orderId, isManual: true, now }, payment)),
];

test("and of payments that somebody captures by hand", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => run(held, steps)),
    { numRuns: 400 },
  );
}, 60_000);
