import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { sameMoney } from "@cartwright/contracts/same-money";
import { accept, type Decision } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import type { IntentState } from "../provider/payment-provider.ts";
import { type ExistingPayment, idsOf, type Payment, type PaymentStatus } from "./payment.ts";
import { refundEverything } from "./request-refund.ts";
import { contradiction, type News, type Told } from "./told.ts";

export type RecordIntent = {
  readonly state: IntentState;
  readonly now: Instant;
  /** Where the provider told it unasked. */
  readonly told?: Told | undefined;
};

/**
 * How the provider says that the payment stands, whoever has heard it first: the call that was answered, a webhook, somebody who asked again.
 * What is known already changes nothing, and nothing goes backwards.
 */
export const recordIntent = ({ state, now, told }: RecordIntent, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent") return accept();
  const news = newsOf(state, payment, now);
  if (news !== "contradiction") return accept(...news);
  return told ? contradiction(told, payment, now) : accept();
};

const newsOf = (state: IntentState, payment: ExistingPayment, now: Instant): News => {
  switch (state.outcome) {
    case "pending":
      return [];
    case "actionRequired":
      return actionRequired(state, payment, now);
    case "authorized":
      return authorized(state, payment, now);
    case "declined":
      if (isAsking(payment)) return [{ type: "PaymentDeclined", data: { ...whatOf(payment), code: state.code, declinedAt: now } }];
      return ended.has(payment.status) ? [] : "contradiction";
    case "failed":
      if (isAsking(payment)) return [{ type: "PaymentFailed", data: { ...whatOf(payment), code: state.code, failedAt: now } }];
      return ended.has(payment.status) ? [] : "contradiction";
    case "captured":
      return captured(state, payment, now);
    case "canceled":
      return canceled(state, payment, now);
    default:
      return unreachable(state);
  }
};

type In<Outcome extends IntentState["outcome"]> = Extract<IntentState, { outcome: Outcome }>;

const actionRequired = ({ providerReference, action }: In<"actionRequired">, payment: ExistingPayment, now: Instant): News => {
  if (payment.status !== "Requested") return payment.action ? [] : "contradiction";
  const required: BillingEvent = {
    type: "PaymentActionRequired",
    data: { ...whatOf(payment), providerReference, action, requiredAt: now },
  };
  return payment.isWithdrawn ? [required, voidOf(payment, providerReference, now)] : [required];
};

const authorized = (state: In<"authorized">, payment: ExistingPayment, now: Instant): News => {
  if (!sameMoney(state.amount, payment.amount)) return "contradiction";
  if (payment.captureBefore !== null) return [];
  const event = authorizationOf(state, payment, now);
  if (isAsking(payment)) return payment.isWithdrawn ? [event, voidOf(payment, state.providerReference, now)] : [event];
  // What is held for a payment that is over belongs to the shopper.
  return payment.status === "Declined" || payment.status === "Failed"
    ? [event, voidOf(payment, state.providerReference, now)]
    : "contradiction";
};

const captured = (state: In<"captured">, payment: ExistingPayment, now: Instant): News => {
  const { amount, providerReference } = state;
  if (payment.captured.amountMinor > 0) return sameMoney(amount, payment.captured) ? [] : "contradiction";
  if (!isWithin(amount, payment.amount) || over.has(payment.status)) return "contradiction";
  const { owner, ownerKind, checkoutId } = payment;
  const known = payment.captureBefore === null ? [authorizationOf({ ...state, captureBefore: null }, payment, now)] : [];
  const facts = { ...idsOf(payment), orderId: payment.orderId ?? orderIdOf(checkoutId), owner, ownerKind, amount, providerReference };
  const event: BillingEvent = { type: "PaymentCaptured", data: { ...facts, capturedTotal: amount, capturedAt: now } };
  if (!payment.isWithdrawn && payment.status !== "VoidRequested") return [...known, event];
  return [...known, event, ...refundEverything({ ...payment, providerReference, captured: amount }, now)];
};

const canceled = ({ providerReference, reason }: In<"canceled">, payment: ExistingPayment, now: Instant): News => {
  if (payment.captured.amountMinor > 0) return "contradiction";
  if (over.has(payment.status)) return [];
  const facts = { ...whatOf(payment), providerReference };
  const expired: BillingEvent = { type: "PaymentExpired", data: { ...facts, expiredAt: now } };
  if (isAsking(payment)) {
    if (reason === "expired") return [expired];
    return [{ type: "PaymentFailed", data: { ...whatOf(payment), code: "payment_intent_canceled", failedAt: now } }];
  }
  if (payment.captureBefore === null && payment.status !== "VoidRequested") return "contradiction";
  const end: BillingEvent =
    reason === "expired" && payment.status !== "VoidRequested" ? expired : { type: "PaymentVoided", data: { ...facts, voidedAt: now } };
  return isOwed(payment) ? [captureLost(payment, `authorization_${reason}`, now), end] : [end];
};

/** An order waits for money that will not come. */
const isOwed = ({ isOrdered, isWithdrawn, isCaptureHopeless }: ExistingPayment) => isOrdered && !isWithdrawn && !isCaptureHopeless;

/** The capture of this payment is given up. */
export const captureLost = (payment: ExistingPayment, code: string, now: Instant): BillingEvent => ({
  type: "PaymentCaptureFailed",
  data: {
    ...whatOf(payment),
    orderId: payment.orderId ?? orderIdOf(payment.checkoutId),
    code,
    attempt: Math.max(1, payment.captureAttempts),
    isFinal: true,
    failedAt: now,
  },
});

const authorizationOf = (
  { providerReference, captureBefore }: { providerReference: string; captureBefore: Instant | null },
  payment: ExistingPayment,
  now: Instant,
): BillingEvent => ({
  type: "PaymentAuthorized",
  data: { ...whatOf(payment), providerReference, authorizedAt: now, captureBefore: captureBefore ?? daysAfter(now, DAYS_HELD) },
});

/** Gives back what the provider holds, or will not hold any more. */
export const voidOf = (payment: ExistingPayment, providerReference: string, now: Instant): BillingEvent => ({
  type: "PaymentVoidRequested",
  data: { ...whatOf(payment), providerReference, requestedAt: now },
});

const whatOf = (payment: ExistingPayment) => ({ ...idsOf(payment), amount: payment.amount });

const isAsking = ({ status }: ExistingPayment) => status === "Requested" || status === "ActionRequired";

/** The provider holds nothing of it, for ever. */
const over: ReadonlySet<PaymentStatus> = new Set([
  "Refused",
  "Withdrawn",
  "Declined",
  "Failed",
  "Expired",
  "Voided",
  "Presented",
  "Inspected",
]);

const ended: ReadonlySet<PaymentStatus> = new Set(["Declined", "Failed", "Voided", "Expired"]);

const isWithin = (part: Money, whole: Money) =>
  part.currency === whole.currency && part.amountMinor > 0 && part.amountMinor <= whole.amountMinor;

/** What card schemes give at least where the provider says nothing. */
const DAYS_HELD = 7;

const daysAfter = (from: Instant, days: number): Instant => instantOf(new Date(Date.parse(from) + days * 86_400_000));
