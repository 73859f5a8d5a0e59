import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { Instant } from "@cartwright/contracts/instant";
import { sameMoney } from "@cartwright/contracts/same-money";
import { accept, type Decision } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import type { IntentState } from "../provider/payment-provider.ts";
import { authorizationOf } from "./authorization-of.ts";
import { captureNews } from "./capture-news.ts";
import { type ExistingPayment, idsOf, isOver, isUntouched, type Payment, type PaymentStatus } from "./payment.ts";
import type { RefundRules } from "./record-refund.ts";
import { checkOf } from "./request-check.ts";
import { contradiction, type Heard, type News, recorded } from "./told.ts";

export type RecordIntent = Heard & RefundRules & { readonly state: IntentState };

/**
 * How the provider says that the payment stands, whoever has heard it first: the call that was answered, a webhook, somebody who asked again.
 * What is known already changes nothing, and nothing goes backwards.
 */
export const recordIntent = ({ state, maxRefundAttempts, ...heard }: RecordIntent, payment: Payment): Decision<BillingEvent, never> =>
  payment.status === "Absent" ? accept() : accept(...recorded(newsOf(state, payment, { ...heard, maxRefundAttempts }), payment, heard));

const newsOf = (state: IntentState, payment: ExistingPayment, context: Heard & RefundRules): News => {
  const { now } = context;
  switch (state.outcome) {
    case "pending":
      return [];
    case "actionRequired":
      return actionRequired(state, payment, context);
    case "authorized":
      return authorized(state, payment, context);
    case "declined":
      if (isAsking(payment)) return [{ type: "PaymentDeclined", data: { ...whatOf(payment), code: state.code, declinedAt: now } }];
      return ended.has(payment.status) ? [] : contradiction("other_state");
    case "failed":
      if (isAsking(payment)) return [{ type: "PaymentFailed", data: { ...whatOf(payment), code: state.code, failedAt: now } }];
      return ended.has(payment.status) ? [] : contradiction("other_state");
    case "captured":
      return captureNews(state, payment, context);
    case "canceled":
      return canceled(state, payment, now);
    default:
      return unreachable(state);
  }
};

type In<Outcome extends IntentState["outcome"]> = Extract<IntentState, { outcome: Outcome }>;

const actionRequired = ({ providerReference, action }: In<"actionRequired">, payment: ExistingPayment, { now, isChecked }: Heard): News => {
  // Who says that it was done, and did not do it, has to be told: a check that was asked for is answered.
  const isAnswer = payment.status === "ActionRequired" && isChecked;
  if (payment.status !== "Requested" && !isAnswer) return payment.action ? [] : contradiction("late");
  const required: BillingEvent = {
    type: "PaymentActionRequired",
    data: { ...whatOf(payment), providerReference, action, requiredAt: now },
  };
  return payment.isWithdrawn ? [required, voidOf(payment, providerReference, now)] : [required];
};

const authorized = (state: In<"authorized">, payment: ExistingPayment, { now, told }: Heard): News => {
  if (!sameMoney(state.amount, payment.amount)) return contradiction("other_state", state.amount);
  if (payment.captureBefore !== null) return dated(state, payment, now);
  const event = authorizationOf(state, payment, now);
  if (isAsking(payment) && !payment.isWithdrawn) {
    // What is told unasked does not say for how long, and may be all that is heard.
    const isUndated = told !== undefined && state.captureBefore === null;
    return isUndated ? [event, ...checkOf({ ...payment, providerReference: state.providerReference }, now)] : [event];
  }
  if (isAsking(payment)) return [event, voidOf(payment, state.providerReference, now)];
  // What is held for a payment that is over belongs to the shopper.
  return payment.status === "Declined" || payment.status === "Failed"
    ? [event, voidOf(payment, state.providerReference, now)]
    : contradiction("late");
};

/** Whoever told it first may not have said for how long. */
const dated = ({ captureBefore }: In<"authorized">, payment: ExistingPayment, now: Instant): News => {
  const isNews = captureBefore !== null && captureBefore !== payment.captureBefore && isHeld.has(payment.status);
  return isNews ? [{ type: "PaymentAuthorizationDated", data: { ...idsOf(payment), captureBefore, datedAt: now } }] : [];
};

const isHeld: ReadonlySet<PaymentStatus> = new Set(["Authorized", "CaptureRequested", "CaptureFailed"]);

const canceled = ({ providerReference, reason }: In<"canceled">, payment: ExistingPayment, now: Instant): News => {
  if (payment.captured.amountMinor > 0) return contradiction("other_state");
  if (isOver(payment) || isUntouched(payment)) return [];
  const facts = { ...whatOf(payment), providerReference };
  const expired: BillingEvent = { type: "PaymentExpired", data: { ...facts, expiredAt: now } };
  if (isAsking(payment)) {
    if (reason === "expired") return [expired];
    return [{ type: "PaymentFailed", data: { ...whatOf(payment), code: "payment_intent_canceled", failedAt: now } }];
  }
  if (payment.captureBefore === null && payment.status !== "VoidRequested") return contradiction("late");
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

/** Gives back what the provider holds, or will not hold any more. */
export const voidOf = (payment: ExistingPayment, providerReference: string, now: Instant): BillingEvent => ({
  type: "PaymentVoidRequested",
  data: { ...whatOf(payment), providerReference, requestedAt: now },
});

const whatOf = (payment: ExistingPayment) => ({ ...idsOf(payment), amount: payment.amount });

const isAsking = ({ status }: ExistingPayment) => status === "Requested" || status === "ActionRequired";

const ended: ReadonlySet<PaymentStatus> = new Set(["Declined", "Failed", "Voided", "Expired"]);
