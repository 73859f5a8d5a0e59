import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment } from "./payment.ts";
import { voidOf } from "./record-intent.ts";
import { referenceOf } from "./reference-of.ts";
import { retryCapture } from "./retry-capture.ts";

/** The provider will not hold it much longer: what an order waits for is taken, also where that was refused, and the rest given back. */
export const endAuthorization = ({ now }: { now: Instant }, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "CaptureFailed") return retryCapture({ attempt: payment.captureAttempts + 1, now }, payment);
  if (payment.status !== "Authorized") return accept();
  const { isOrdered, orderId, amount } = payment;
  const providerReference = referenceOf(payment);
  if (!isOrdered || orderId === null) return accept(voidOf(payment, providerReference, now));
  const facts = { ...idsOf(payment), orderId, amount, providerReference, attempt: payment.captureAttempts + 1, requestedAt: now };
  return accept({ type: "PaymentCaptureRequested", data: facts });
};
