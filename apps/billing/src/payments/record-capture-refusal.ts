import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment } from "./payment.ts";
import { voidOf } from "./record-intent.ts";
import { referenceOf } from "./reference-of.ts";

export type RecordCaptureRefusal = {
  readonly attempt: number;
  readonly code: string;
  /** The last attempt that is made by itself. */
  readonly maxAttempts: number;
  readonly now: Instant;
};

/** The provider did not take it. What nobody waits for any more is given back; otherwise it is asked again, so often and no more. */
export const recordCaptureRefusal = (refusal: RecordCaptureRefusal, payment: Payment): Decision<BillingEvent, never> => {
  const { attempt, code, maxAttempts, now } = refusal;
  if (payment.status !== "CaptureRequested" || payment.orderId === null || payment.captureAttempts !== attempt) return accept();
  const { orderId, captureAmount: amount, isWithdrawn } = payment;
  const isFinal = isWithdrawn || attempt >= maxAttempts;
  const failed: BillingEvent = {
    type: "PaymentCaptureFailed",
    data: { ...idsOf(payment), orderId, amount, code, attempt, isFinal, failedAt: now },
  };
  return isWithdrawn ? accept(failed, voidOf(payment, referenceOf(payment), now)) : accept(failed);
};
