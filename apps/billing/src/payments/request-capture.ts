import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { OrderId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import { type ExistingPayment, idsOf, type Payment } from "./payment.ts";
import { captureLost } from "./record-intent.ts";
import { referenceOf } from "./reference-of.ts";

export type RequestCapture = {
  readonly orderId: OrderId;
  /** Somebody takes it by hand. */
  readonly isManual: boolean;
  readonly now: Instant;
};

/** The order is placed: the provider is to take what it holds, once. Where it holds nothing any more the order has to hear of that. */
export const requestCapture = ({ orderId, isManual, now }: RequestCapture, payment: Payment): Decision<BillingEvent, never> => {
  return payment.status === "Absent" || payment.isOrdered ? accept() : captureOf({ orderId, isManual, now }, payment);
};

const captureOf = ({ orderId, isManual, now }: RequestCapture, payment: ExistingPayment): Decision<BillingEvent, never> => {
  const { status } = payment;
  const ordered: BillingEvent = { type: "PaymentOrdered", data: { ...idsOf(payment), orderId, orderedAt: now } };
  switch (status) {
    case "Authorized": {
      if (isManual) return accept(ordered);
      const facts = { ...idsOf(payment), orderId, amount: payment.amount, providerReference: referenceOf(payment) };
      return accept({ type: "PaymentCaptureRequested", data: { ...facts, attempt: 1, requestedAt: now } });
    }
    case "Captured":
    case "PartlyRefunded":
    case "Refunded":
      return accept(ordered);
    case "Presented":
    case "Inspected":
    case "Requested":
    case "ActionRequired":
      return accept();
    case "Refused":
    case "Withdrawn":
    case "Declined":
    case "Failed":
    case "Expired":
    case "VoidRequested":
    case "Voided":
    case "CaptureRequested":
    case "CaptureFailed":
      return accept(captureLost(payment, payment.code ?? "not_authorized", now));
    default:
      return unreachable(status);
  }
};
