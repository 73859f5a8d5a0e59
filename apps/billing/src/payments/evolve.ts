import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { type Money, zero } from "@cartwright/contracts/money";
import type { PaymentOperation } from "@cartwright/contracts/payment-shapes";
import { unreachable } from "@cartwright/decider/unreachable";
import type { ExistingPayment, Payment, PaymentStatus, Refund } from "./payment.ts";

/** @throws when the events contradict each other. */
export const evolve = (payment: Payment, event: BillingEvent): Payment => {
  if (event.type === "PaymentMethodPresented") return presented(event.data);
  if (payment.status === "Absent") throw new Error(`${event.type} happened to a payment that nobody began`);
  return changed(payment, event);
};

type EventNamed<Type extends BillingEvent["type"]> = Extract<BillingEvent, { type: Type }>;
type Change = Exclude<BillingEvent, EventNamed<"PaymentMethodPresented">>;

const presented = (facts: EventNamed<"PaymentMethodPresented">["data"]): ExistingPayment => ({
  ...facts,
  status: "Presented",
  card: null,
  providerReference: null,
  action: null,
  captureBefore: null,
  orderId: null,
  isOrdered: false,
  captureAttempts: 0,
  captureAmount: facts.amount,
  isCaptureHopeless: false,
  captured: zero(facts.amount.currency),
  refunded: zero(facts.amount.currency),
  refunds: [],
  dispute: null,
  code: null,
  isWithdrawn: false,
  unknown: null,
  checks: 0,
  updatedAt: facts.presentedAt,
});

const changed = (payment: ExistingPayment, { type, data }: Change): ExistingPayment => {
  switch (type) {
    case "PaymentMethodInspected":
      return { ...payment, status: "Inspected", card: data.card, updatedAt: data.inspectedAt };
    case "PaymentMethodRefused":
      return { ...payment, status: "Refused", code: data.code, updatedAt: data.refusedAt };
    case "PaymentRequested":
      return { ...payment, status: "Requested", updatedAt: data.requestedAt };
    case "PaymentActionRequired": {
      const { providerReference, action, requiredAt } = data;
      return { ...settled(payment, "authorize"), status: "ActionRequired", providerReference, action, updatedAt: requiredAt };
    }
    case "PaymentAuthorized": {
      const { providerReference, captureBefore, authorizedAt } = data;
      const known = { providerReference, captureBefore, code: null, updatedAt: authorizedAt };
      return { ...settled(payment, "authorize"), ...known, status: "Authorized" };
    }
    case "PaymentDeclined":
      return { ...settled(payment, "authorize"), status: "Declined", code: data.code, updatedAt: data.declinedAt };
    case "PaymentFailed":
      return { ...settled(payment, "authorize"), status: "Failed", code: data.code, updatedAt: data.failedAt };
    case "PaymentExpired":
      return { ...payment, unknown: null, status: "Expired", providerReference: data.providerReference, updatedAt: data.expiredAt };
    case "PaymentOutcomeUnknown":
      return { ...payment, unknown: data.operation, updatedAt: data.since };
    case "PaymentCheckRequested":
      return { ...payment, checks: data.check, updatedAt: data.requestedAt };
    case "PaymentWithdrawn":
      return { ...payment, status: hasAsked(payment) ? payment.status : "Withdrawn", isWithdrawn: true, updatedAt: data.withdrawnAt };
    case "PaymentVoidRequested":
      return { ...payment, status: "VoidRequested", providerReference: data.providerReference, updatedAt: data.requestedAt };
    case "PaymentVoided":
      return { ...payment, unknown: null, status: "Voided", updatedAt: data.voidedAt };
    case "PaymentProviderEventSetAside":
      return payment;
    case "PaymentOrdered":
    case "PaymentCaptureRequested":
    case "PaymentCaptured":
    case "PaymentCaptureFailed":
      return taken(payment, { type, data } as Taking);
    case "PaymentRefundRequested":
    case "PaymentRefunded":
    case "PaymentRefundFailed":
    case "PaymentDisputed":
    case "PaymentDisputeClosed":
      return givenBack(payment, { type, data } as GivingBack);
    default:
      return unreachable(type);
  }
};

type Taking = EventNamed<"PaymentOrdered" | "PaymentCaptureRequested" | "PaymentCaptured" | "PaymentCaptureFailed">;

const taken = (payment: ExistingPayment, { type, data }: Taking): ExistingPayment => {
  const { orderId } = data;
  switch (type) {
    case "PaymentOrdered":
      return { ...payment, orderId, isOrdered: true, updatedAt: data.orderedAt };
    case "PaymentCaptureRequested": {
      const asked = { orderId, isOrdered: true, captureAttempts: data.attempt, captureAmount: data.amount, updatedAt: data.requestedAt };
      return { ...payment, ...asked, status: "CaptureRequested", isCaptureHopeless: false };
    }
    case "PaymentCaptured": {
      const { providerReference, capturedTotal: captured, capturedAt: updatedAt } = data;
      return { ...payment, unknown: null, status: "Captured", orderId, providerReference, captured, code: null, updatedAt };
    }
    case "PaymentCaptureFailed": {
      const status = payment.status === "CaptureRequested" ? "CaptureFailed" : payment.status;
      const known = { orderId, isOrdered: true, code: data.code, isCaptureHopeless: data.isFinal, updatedAt: data.failedAt };
      return { ...settled(payment, "capture"), ...known, captureAttempts: data.attempt, status };
    }
    default:
      return unreachable(type);
  }
};

type GivingBack = EventNamed<
  "PaymentRefundRequested" | "PaymentRefunded" | "PaymentRefundFailed" | "PaymentDisputed" | "PaymentDisputeClosed"
>;

const givenBack = (payment: ExistingPayment, { type, data }: GivingBack): ExistingPayment => {
  switch (type) {
    case "PaymentRefundRequested":
      return { ...payment, refunds: withRefund(payment, { ...refundOf(data), status: "requested" }), updatedAt: data.requestedAt };
    case "PaymentRefunded": {
      const refunds = withRefund(payment, { ...refundOf(data), status: "refunded" });
      return { ...wentBack(settled(payment, "refund"), data.refundedTotal), refunds, updatedAt: data.refundedAt };
    }
    case "PaymentRefundFailed": {
      const refunds = withRefund(payment, { ...refundOf(data), status: "failed" });
      return { ...wentBack(settled(payment, "refund"), data.refundedTotal), refunds, updatedAt: data.failedAt };
    }
    case "PaymentDisputed": {
      const { disputeReference, amount, disputedAt } = data;
      return { ...payment, dispute: { disputeReference, amount, outcome: null }, updatedAt: disputedAt };
    }
    case "PaymentDisputeClosed": {
      const { disputeReference, amount, outcome, closedAt } = data;
      return { ...payment, dispute: { disputeReference, amount, outcome }, updatedAt: closedAt };
    }
    default:
      return unreachable(type);
  }
};

const refundOf = ({ refundId, amount }: Omit<Refund, "status">) => ({ refundId, amount });

const withRefund = ({ refunds }: ExistingPayment, refund: Refund): readonly Refund[] => [
  ...refunds.filter(({ refundId }) => refundId !== refund.refundId),
  refund,
];

const wentBack = (payment: ExistingPayment, refunded: Money): ExistingPayment => {
  const left = payment.captured.amountMinor - refunded.amountMinor;
  const status: PaymentStatus = refunded.amountMinor === 0 ? "Captured" : left > 0 ? "PartlyRefunded" : "Refunded";
  return { ...payment, refunded, status };
};

/** The provider has said what came of it. */
const settled = (payment: ExistingPayment, operation: PaymentOperation): ExistingPayment =>
  payment.unknown === operation ? { ...payment, unknown: null } : payment;

/** Whether the provider may hold money of it, or will. */
const hasAsked = ({ status }: ExistingPayment) => status !== "Presented" && status !== "Inspected";
