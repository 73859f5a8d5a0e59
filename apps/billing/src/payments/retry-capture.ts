import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment } from "./payment.ts";
import { referenceOf } from "./reference-of.ts";

/** A capture that was refused is asked for again, and for no more than before: another attempt, with a key of its own. */
export const retryCapture = ({ attempt, now }: { attempt: number; now: Instant }, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status !== "CaptureFailed" || payment.isCaptureHopeless || payment.isWithdrawn || payment.orderId === null) return accept();
  if (payment.captureAttempts + 1 !== attempt) return accept();
  const { orderId, captureAmount: amount } = payment;
  const facts = { ...idsOf(payment), orderId, amount, providerReference: referenceOf(payment), attempt, requestedAt: now };
  return accept({ type: "PaymentCaptureRequested", data: facts });
};
