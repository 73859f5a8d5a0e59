import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { type CardFacts, PaymentToken } from "@cartwright/contracts/payment-shapes";
import { accept } from "@cartwright/decider/decision";
import { specFor } from "@cartwright/decider/spec";
import { describe, expect, test } from "vitest";
import type { Inspection, IntentState } from "../provider/payment-provider.ts";
import { captureByHand } from "./capture-by-hand.ts";
import { evolve } from "./evolve.ts";
import { absentPayment, type Payment } from "./payment.ts";
import { presentPaymentMethod } from "./present-payment-method.ts";
import { recordCaptureRefusal } from "./record-capture-refusal.ts";
import { recordInspection } from "./record-inspection.ts";
import { recordIntent } from "./record-intent.ts";
import { requestCapture } from "./request-capture.ts";
import { requestPayment } from "./request-payment.ts";
import { retryCapture } from "./retry-capture.ts";
import { withdrawPayment } from "./withdraw-payment.ts";

const { given } = specFor<Payment, BillingEvent>(absentPayment, evolve);

const now = Instant.parse("2026-01-31T09:45:00.000Z");
const captureBefore = Instant.parse("2026-02-07T09:45:00.000Z");
const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
const checkoutId = checkoutIdOf(cartId, 1);
const ids = { paymentId: paymentIdOf(checkoutId), checkoutId, cartId };
const orderId = orderIdOf(checkoutId);
const amount: Money = { amountMinor: 2_000, currency: "EUR" };
const who = { owner: SubjectId.parse("user-123"), ownerKind: "user" } as const;
const paymentToken = PaymentToken.parse("pm_card_visa");
const card: CardFacts = { fingerprint: "fp", brand: "visa", last4: "4242", country: "US", funding: "credit" };
const providerReference = "pi_1";
const held = { ...ids, amount, providerReference };

const presented: BillingEvent = { type: "PaymentMethodPresented", data: { ...ids, ...who, amount, paymentToken, presentedAt: now } };
const inspected: BillingEvent = { type: "PaymentMethodInspected", data: { ...ids, ...who, amount, card, inspectedAt: now } };
const refused: BillingEvent = { type: "PaymentMethodRefused", data: { ...ids, code: "resource_missing", refusedAt: now } };
const requested: BillingEvent = { type: "PaymentRequested", data: { ...ids, amount, paymentToken, requestedAt: now } };
const authorized: BillingEvent = { type: "PaymentAuthorized", data: { ...held, authorizedAt: now, captureBefore } };
const declined: BillingEvent = { type: "PaymentDeclined", data: { ...ids, amount, code: "insufficient_funds", declinedAt: now } };
const captureRequested: BillingEvent = { type: "PaymentCaptureRequested", data: { ...held, orderId, attempt: 1, requestedAt: now } };
const captured: BillingEvent = { type: "PaymentCaptured", data: { ...held, ...who, orderId, capturedTotal: amount, capturedAt: now } };
const withdrawn: BillingEvent = { type: "PaymentWithdrawn", data: { ...ids, withdrawnAt: now } };
const voidRequested: BillingEvent = { type: "PaymentVoidRequested", data: { ...held, requestedAt: now } };
const voided: BillingEvent = { type: "PaymentVoided", data: { ...held, voidedAt: now } };

const pasts = {
  presented: [presented],
  inspected: [presented, inspected],
  refused: [presented, refused],
  requested: [presented, inspected, requested],
  authorized: [presented, inspected, requested, authorized],
  declined: [presented, inspected, requested, declined],
  captureRequested: [presented, inspected, requested, authorized, captureRequested],
  captured: [presented, inspected, requested, authorized, captureRequested, captured],
  voidRequested: [presented, inspected, requested, authorized, withdrawn, voidRequested],
  voided: [presented, inspected, requested, authorized, withdrawn, voidRequested, voided],
};

const found: Inspection = { outcome: "card", card };
const unknown: Inspection = { outcome: "refused", code: "resource_missing" };
const yes: IntentState = { outcome: "authorized", providerReference, amount, captureBefore: null };
const no: IntentState = { outcome: "declined", code: "insufficient_funds" };

const present = (payment: Payment) => presentPaymentMethod({ ...ids, ...who, amount, paymentToken, now }, payment);
const inspect = (inspection: Inspection) => (payment: Payment) => recordInspection({ inspection, now }, payment);
const request = (payment: Payment) => requestPayment({ now }, payment);
const authorize = (state: IntentState) => (payment: Payment) => recordIntent({ state, now }, payment);
const order = (payment: Payment) => requestCapture({ orderId, isManual: false, now }, payment);
const capture = (payment: Payment) => recordIntent({ state: { outcome: "captured", providerReference, amount }, now }, payment);
const withdraw = (payment: Payment) => withdrawPayment({ because: "checkoutFailed", now }, payment);
const giveBack = (payment: Payment) =>
  recordIntent({ state: { outcome: "canceled", providerReference, reason: "requested" }, now }, payment);

describe("a payment", () => {
  test("goes from the card to the money", () => {
    given().when(present).yields(presented);
    given(...pasts.presented)
      .when(inspect(found))
      .yields(inspected);
    given(...pasts.inspected)
      .when(request)
      .yields(requested);
    given(...pasts.requested)
      .when(authorize(yes))
      .yields(authorized);
    given(...pasts.authorized)
      .when(order)
      .yields(captureRequested);
    given(...pasts.captureRequested)
      .when(capture)
      .yields(captured);
  });

  test("ends where the provider says no", () => {
    given(...pasts.presented)
      .when(inspect(unknown))
      .yields(refused);
    given(...pasts.requested)
      .when(authorize(no))
      .yields(declined);
  });

  const steps: Record<string, [(payment: Payment) => ReturnType<typeof present>, readonly (keyof typeof pasts)[]]> = {
    present: [present, []],
    inspect: [inspect(found), ["presented"]],
    request: [request, ["inspected"]],
    // What is held for a payment that was declined is given back.
    authorize: [authorize(yes), ["requested", "declined"]],
    // An order whose payment is over hears that it will not be paid.
    order: [order, ["authorized", "refused", "declined", "voidRequested", "voided"]],
    capture: [capture, ["requested", "authorized", "captureRequested", "voidRequested"]],
    withdraw: [withdraw, ["presented", "inspected", "requested", "authorized"]],
    void: [giveBack, ["requested", "authorized", "captureRequested", "voidRequested"]],
  };

  test.each(Object.entries(steps))("takes each step in its place alone: %s", (_name, [step, places]) => {
    for (const [place, past] of Object.entries(pasts)) {
      if (!(places as readonly string[]).includes(place))
        given(...past)
          .when(step)
          .changesNothing();
      else
        expect(
          given(...past)
            .when(step)
            .leaves(),
        ).not.toEqual(past.reduce(evolve, absentPayment));
    }
  });
});

describe("a capture by hand of a part", () => {
  const ordered: BillingEvent = { type: "PaymentOrdered", data: { ...ids, orderId, orderedAt: now } };
  const part: Money = { amountMinor: 1_500, currency: "EUR" };
  const attempt = (number: number): BillingEvent => ({
    type: "PaymentCaptureRequested",
    data: { ...held, orderId, amount: part, attempt: number, requestedAt: now },
  });
  const refusal: BillingEvent = {
    type: "PaymentCaptureFailed",
    data: { ...ids, orderId, amount: part, code: "processing_error", attempt: 1, isFinal: false, failedAt: now },
  };

  test("that the provider refuses is asked for again, and no more than that part", () => {
    given(...pasts.authorized, ordered)
      .when((payment) => (payment.status === "Absent" ? accept() : captureByHand({ amount: part, now }, payment)))
      .yields(attempt(1));
    given(...pasts.authorized, ordered, attempt(1))
      .when((payment) => recordCaptureRefusal({ attempt: 1, code: "processing_error", maxAttempts: 3, now }, payment))
      .yields(refusal);
    given(...pasts.authorized, ordered, attempt(1), refusal)
      .when((payment) => retryCapture({ attempt: 2, now }, payment))
      .yields(attempt(2));
  });
});

describe("a payment whose checkout has failed", () => {
  test("is given back where the provider holds it", () => {
    given(...pasts.authorized)
      .when(withdraw)
      .yields(withdrawn, voidRequested);
    given(...pasts.voidRequested)
      .when(giveBack)
      .yields(voided);
  });

  test("is given back as soon as a provider that was asked turns out to hold it", () => {
    given(...pasts.requested)
      .when(withdraw)
      .yields(withdrawn);
    given(...pasts.requested, withdrawn)
      .when(authorize(yes))
      .yields(authorized, voidRequested);
    given(...pasts.requested, withdrawn)
      .when(authorize(no))
      .yields(declined);
  });

  test("is not asked for any more", () => {
    for (const past of [pasts.presented, pasts.inspected]) {
      given(...past, withdrawn)
        .when(request)
        .changesNothing();
      given(...past, withdrawn)
        .when(inspect(found))
        .changesNothing();
      given(...past, withdrawn)
        .when(withdraw)
        .changesNothing();
    }
  });

  test("was nobody's before it began", () => given().when(withdraw).changesNothing());
});
