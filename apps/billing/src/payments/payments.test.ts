import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { Instant } from "@cartwright/contracts/instant";
import { describe, expect, test } from "vitest";
import type { Inspection, IntentState } from "../provider/payment-provider.ts";
import { captureByHand } from "./capture-by-hand.ts";
import { endAuthorization } from "./end-authorization.ts";
import { evolve } from "./evolve.ts";
import { absentPayment, type Payment } from "./payment.ts";
import {
  amount,
  authorized,
  captured,
  captureRequested,
  card,
  checkRequested,
  declined,
  eur,
  existing,
  given,
  held,
  ids,
  inspected,
  now,
  orderId,
  pasts,
  paymentToken,
  presented,
  providerReference,
  refused,
  requested,
  rules,
  voided,
  voidRequested,
  told as webhook,
  who,
  withdrawn,
} from "./payment-spec.ts";
import { presentPaymentMethod } from "./present-payment-method.ts";
import { recordCaptureRefusal } from "./record-capture-refusal.ts";
import { recordInspection } from "./record-inspection.ts";
import { recordIntent } from "./record-intent.ts";
import { requestCapture } from "./request-capture.ts";
import { requestPayment } from "./request-payment.ts";
import { retryCapture } from "./retry-capture.ts";
import { withdrawPayment } from "./withdraw-payment.ts";

const found: Inspection = { outcome: "card", card };
const unknown: Inspection = { outcome: "refused", code: "resource_missing" };
const yes: IntentState = { outcome: "authorized", providerReference, amount, captureBefore: null };
const no: IntentState = { outcome: "declined", code: "insufficient_funds" };

const present = (payment: Payment) => presentPaymentMethod({ ...ids, ...who, amount, paymentToken, now }, payment);
const inspect = (inspection: Inspection) => (payment: Payment) => recordInspection({ inspection, now }, payment);
const request = (payment: Payment) => requestPayment({ now }, payment);
const authorize = (state: IntentState) => (payment: Payment) => recordIntent({ state, now, ...rules }, payment);
const order = (payment: Payment) => requestCapture({ orderId, isManual: false, now }, payment);
const capture = (payment: Payment) => recordIntent({ state: { outcome: "captured", providerReference, amount }, now, ...rules }, payment);
const withdraw = (payment: Payment) => withdrawPayment({ because: "checkoutFailed", now }, payment);
const giveBack = (payment: Payment) =>
  recordIntent({ state: { outcome: "canceled", providerReference, reason: "requested" }, now, ...rules }, payment);

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
    // What was taken although it was given up goes back; what was never asked for is looked at by somebody.
    capture: [
      capture,
      ["presented", "inspected", "refused", "requested", "authorized", "declined", "captureRequested", "voidRequested", "voided"],
    ],
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
  const part = eur(1_500);
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
      .when(existing((payment) => captureByHand({ amount: part, now }, payment)))
      .yields(attempt(1));
    given(...pasts.authorized, ordered, attempt(1))
      .when((payment) => recordCaptureRefusal({ attempt: 1, code: "processing_error", maxAttempts: 3, now }, payment))
      .yields(refusal);
    given(...pasts.authorized, ordered, attempt(1), refusal)
      .when((payment) => retryCapture({ attempt: 2, now }, payment))
      .yields(attempt(2));
  });
});

test("an authorization that is about to end is taken whole for an order, given back without one, and left alone where somebody takes it", () => {
  const ordered: BillingEvent = { type: "PaymentOrdered", data: { ...ids, orderId, orderedAt: now } };
  const end = (payment: Payment) => endAuthorization({ now }, payment);
  given(...pasts.authorized, ordered)
    .when(end)
    .yields(captureRequested);
  given(...pasts.authorized)
    .when(end)
    .yields(voidRequested);
  for (const past of [pasts.captureRequested, pasts.captured, pasts.voided])
    given(...past)
      .when(end)
      .changesNothing();
});

test("an authorization that is about to end is asked for once more where it was refused, unless that is given up", () => {
  const refusal = (isFinal: boolean): BillingEvent => ({
    type: "PaymentCaptureFailed",
    data: { ...ids, orderId, amount, code: "processing_error", attempt: 1, isFinal, failedAt: now },
  });
  const end = (payment: Payment) => endAuthorization({ now }, payment);
  given(...pasts.captureRequested, refusal(false))
    .when(end)
    .yields({ type: "PaymentCaptureRequested", data: { ...held, orderId, attempt: 2, requestedAt: now } });
  given(...pasts.captureRequested, refusal(true))
    .when(end)
    .changesNothing();
});

describe("until when the provider holds the amount", () => {
  const told = Instant.parse("2026-02-02T09:45:00.000Z");
  const saying = (until: Instant | null) => authorize({ outcome: "authorized", providerReference, amount, captureBefore: until });
  const dated: BillingEvent = { type: "PaymentAuthorizationDated", data: { ...ids, captureBefore: told, datedAt: now } };

  test("is asked for where a webhook has come that does not say it, and nobody needs to know where it is given back", () => {
    const hear = (payment: Payment) =>
      recordIntent(
        { state: { outcome: "authorized", providerReference, amount, captureBefore: null }, now, told: webhook, ...rules },
        payment,
      );
    given(...pasts.requested)
      .when(hear)
      .yields(authorized, checkRequested());
    given(...pasts.requested, withdrawn)
      .when(hear)
      .yields(authorized, voidRequested);
    given(...pasts.authorized)
      .when(hear)
      .changesNothing();
  });

  test("is what the provider says last, and of what it does not say, what cards give at least", () => {
    given(...pasts.requested)
      .when(saying(null))
      .yields(authorized);
    given(...pasts.authorized)
      .when(saying(told))
      .yields(dated);
    expect(
      given(...pasts.authorized)
        .when(saying(told))
        .leaves(),
    ).toMatchObject({ status: "Authorized", captureBefore: told });
    for (const again of [told, null])
      given(...pasts.authorized, dated)
        .when(saying(again))
        .changesNothing();
  });

  test("counts while it holds it, whatever was asked for, and no longer", () => {
    expect(
      given(...pasts.captureRequested)
        .when(saying(told))
        .leaves(),
    ).toMatchObject({ status: "CaptureRequested", captureBefore: told });
    for (const past of [pasts.captured, pasts.voidRequested, pasts.voided])
      given(...past)
        .when(saying(told))
        .changesNothing();
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
