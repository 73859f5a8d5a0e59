import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { zero } from "@cartwright/contracts/money";
import { unreachable } from "@cartwright/decider/unreachable";
import { type GivingBack, givenBack, superseded } from "./given-back.ts";
import { type GivingUp, givenUp } from "./given-up.ts";
import type { ExistingPayment, Payment } from "./payment.ts";
import { settled } from "./settled.ts";

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
  refundFailures: 0,
  disputes: [],
  code: null,
  isWithdrawn: false,
  isUnwanted: false,
  unknown: [],
  keptNews: [],
  discrepancies: [],
  checks: 0,
  updatedAt: facts.presentedAt,
});

const changed = (payment: ExistingPayment, { type, data }: Change): ExistingPayment => {
  switch (type) {
    case "PaymentMethodInspected":
      return { ...payment, status: "Inspected", card: data.card, updatedAt: data.inspectedAt };
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
    case "PaymentMethodRefused":
    case "PaymentDeclined":
    case "PaymentFailed":
    case "PaymentExpired":
    case "PaymentWithdrawn":
    case "PaymentVoidRequested":
    case "PaymentVoided":
      return givenUp(payment, { type, data } as GivingUp);
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
    case "PaymentAuthorizationDated":
    case "PaymentOutcomeUnknown":
    case "PaymentCheckRequested":
    case "PaymentProviderEventSetAside":
    case "PaymentProviderNewsKept":
    case "PaymentDiscrepancyFound":
    case "PaymentDiscrepanciesAcknowledged":
      return noted(payment, { type, data } as Noting);
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
      const known = { orderId, providerReference, captured, code: null, updatedAt };
      return { ...payment, ...known, unknown: [], keptNews: [], status: "Captured" };
    }
    case "PaymentCaptureFailed": {
      const status = payment.status === "CaptureRequested" ? "CaptureFailed" : payment.status;
      const known = { orderId, isOrdered: true, code: data.code, isCaptureHopeless: data.isFinal, updatedAt: data.failedAt };
      return { ...settled(payment, "capture", data.attempt), ...known, captureAttempts: data.attempt, status };
    }
    default:
      return unreachable(type);
  }
};

type Noting = EventNamed<
  | "PaymentAuthorizationDated"
  | "PaymentOutcomeUnknown"
  | "PaymentCheckRequested"
  | "PaymentProviderEventSetAside"
  | "PaymentProviderNewsKept"
  | "PaymentDiscrepancyFound"
  | "PaymentDiscrepanciesAcknowledged"
>;

/** What is known, or not known, beside where the payment is. */
const noted = (payment: ExistingPayment, { type, data }: Noting): ExistingPayment => {
  switch (type) {
    case "PaymentAuthorizationDated":
      return { ...payment, captureBefore: data.captureBefore, updatedAt: data.datedAt };
    case "PaymentOutcomeUnknown": {
      const { operation, ordinal, since } = data;
      return { ...payment, unknown: [...payment.unknown, { operation, ordinal, since }], updatedAt: since };
    }
    case "PaymentCheckRequested":
      return { ...payment, checks: data.check, updatedAt: data.requestedAt };
    case "PaymentProviderEventSetAside":
      return payment;
    case "PaymentProviderNewsKept": {
      const { providerEventId, providerEventType, occurredAt, news } = data;
      return { ...payment, keptNews: [...payment.keptNews, { providerEventId, providerEventType, occurredAt, news }] };
    }
    case "PaymentDiscrepancyFound": {
      const { code, claimed, foundAt } = data;
      const found = { code, claimed, foundAt, isAcknowledged: false };
      return { ...payment, discrepancies: [...payment.discrepancies, found], updatedAt: foundAt };
    }
    case "PaymentDiscrepanciesAcknowledged": {
      const discrepancies = payment.discrepancies.map((found) => ({ ...found, isAcknowledged: true }));
      const refunds = payment.isUnwanted ? payment.refunds : payment.refunds.map(superseded);
      return { ...payment, discrepancies, refunds, updatedAt: data.acknowledgedAt };
    }
    default:
      return unreachable(type);
  }
};
