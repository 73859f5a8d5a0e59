import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { type CardFacts, PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { Decision } from "@cartwright/decider/decision";
import { specFor } from "@cartwright/decider/spec";
import { evolve } from "./evolve.ts";
import { absentPayment, type ExistingPayment, type Payment } from "./payment.ts";

/** A payment's past in the language of the tests: `given(...pasts.captured)`. A development export. */
export const { given } = specFor<Payment, BillingEvent>(absentPayment, evolve);

export const now = Instant.parse("2026-01-31T09:45:00.000Z");
export const captureBefore = Instant.parse("2026-02-07T09:45:00.000Z");
export const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
export const checkoutId = checkoutIdOf(cartId, 1);
export const ids = { paymentId: paymentIdOf(checkoutId), checkoutId, cartId };
export const orderId = orderIdOf(checkoutId);
export const amount: Money = { amountMinor: 2_000, currency: "EUR" };
export const who = { owner: SubjectId.parse("user-123"), ownerKind: "user" } as const;
export const paymentToken = PaymentToken.parse("pm_card_visa");
export const card: CardFacts = { fingerprint: "fp", brand: "visa", last4: "4242", country: "US", funding: "credit" };
export const providerReference = "pi_1";
export const held = { ...ids, amount, providerReference };

export const presented: BillingEvent = { type: "PaymentMethodPresented", data: { ...ids, ...who, amount, paymentToken, presentedAt: now } };
export const inspected: BillingEvent = { type: "PaymentMethodInspected", data: { ...ids, ...who, amount, card, inspectedAt: now } };
export const refused: BillingEvent = { type: "PaymentMethodRefused", data: { ...ids, code: "resource_missing", refusedAt: now } };
export const requested: BillingEvent = { type: "PaymentRequested", data: { ...ids, amount, paymentToken, requestedAt: now } };
export const authorized: BillingEvent = { type: "PaymentAuthorized", data: { ...held, authorizedAt: now, captureBefore } };
export const declined: BillingEvent = { type: "PaymentDeclined", data: { ...ids, amount, code: "insufficient_funds", declinedAt: now } };
export const captureRequested: BillingEvent = { type: "PaymentCaptureRequested", data: { ...held, orderId, attempt: 1, requestedAt: now } };
export const captured: BillingEvent = {
  type: "PaymentCaptured",
  data: { ...held, ...who, orderId, capturedTotal: amount, capturedAt: now },
};
export const withdrawn: BillingEvent = { type: "PaymentWithdrawn", data: { ...ids, withdrawnAt: now } };
export const voidRequested: BillingEvent = { type: "PaymentVoidRequested", data: { ...held, requestedAt: now } };
export const voided: BillingEvent = { type: "PaymentVoided", data: { ...held, voidedAt: now } };

export const pasts = {
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

export const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });
export const rules = { maxRefundAttempts: 3 };
/** What the provider tells unasked. */
export const told = { providerEventId: "evt_1", providerEventType: "charge.anything", occurredAt: now };
export const setAside: BillingEvent = { type: "PaymentProviderEventSetAside", data: { ...ids, ...told, setAsideAt: now } };
export const checkRequested = (check = 1): BillingEvent => ({
  type: "PaymentCheckRequested",
  data: { ...ids, check, providerReference, requestedAt: now },
});

/** A decision about a payment that is there. */
export const existing =
  <Refusal>(decide: (payment: ExistingPayment) => Decision<BillingEvent, Refusal>) =>
  (payment: Payment): Decision<BillingEvent, Refusal> => {
    if (payment.status === "Absent") throw new Error("the payment is there");
    return decide(payment);
  };

export const paymentOf = (...past: readonly BillingEvent[]): ExistingPayment => {
  const payment = past.reduce(evolve, absentPayment);
  if (payment.status === "Absent") throw new Error("the payment is there");
  return payment;
};
