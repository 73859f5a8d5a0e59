import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment } from "./payment.ts";
import { referenceOf } from "./reference-of.ts";

/** The provider has taken the amount. */
export const recordCapture = ({ now }: { now: Instant }, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status !== "CaptureRequested" || payment.orderId === null) return accept();
  const { orderId, owner, ownerKind, amount } = payment;
  const facts = { ...idsOf(payment), orderId, owner, ownerKind, amount, providerReference: referenceOf(payment), capturedAt: now };
  return accept({ type: "PaymentCaptured", data: facts });
};
