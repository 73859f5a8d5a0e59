import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import type { PaymentOperation } from "@cartwright/contracts/payment-shapes";
import { accept, type Decision } from "@cartwright/decider/decision";
import { type ExistingPayment, idsOf, type Payment } from "./payment.ts";
import { refundIdOf } from "./refund-id.ts";

export type RecordUnknown = {
  readonly operation: PaymentOperation;
  /** Which of its kind: the attempt of a capture, the number of a refund. */
  readonly ordinal: number;
  readonly now: Instant;
};

/** The provider was asked and did not say what came of it. */
export const recordUnknown = ({ operation, ordinal, now }: RecordUnknown, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent" || !isOpen[operation](payment, ordinal)) return accept();
  if (payment.unknown.some((known) => known.operation === operation && known.ordinal === ordinal)) return accept();
  return accept({ type: "PaymentOutcomeUnknown", data: { ...idsOf(payment), operation, ordinal, since: now } });
};

const isOpen: Readonly<Record<PaymentOperation, (payment: ExistingPayment, ordinal: number) => boolean>> = {
  authorize: ({ status }) => status === "Requested",
  capture: ({ status, captureAttempts }, attempt) => status === "CaptureRequested" && captureAttempts === attempt,
  void: ({ status }) => status === "VoidRequested",
  refund: ({ paymentId, refunds }, ordinal) =>
    refunds.some(({ refundId, status }) => status === "requested" && refundId === refundIdOf(paymentId, ordinal)),
};
