import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import type { PaymentOperation } from "@cartwright/contracts/payment-shapes";
import { accept, type Decision } from "@cartwright/decider/decision";
import { type ExistingPayment, idsOf, type Payment } from "./payment.ts";

export type RecordUnknown = { readonly operation: PaymentOperation; readonly now: Instant };

/** The provider was asked and did not say what came of it. */
export const recordUnknown = ({ operation, now }: RecordUnknown, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent" || payment.unknown !== null || !isOpen[operation](payment)) return accept();
  return accept({ type: "PaymentOutcomeUnknown", data: { ...idsOf(payment), operation, since: now } });
};

const isOpen: Readonly<Record<PaymentOperation, (payment: ExistingPayment) => boolean>> = {
  authorize: ({ status }) => status === "Requested",
  capture: ({ status }) => status === "CaptureRequested",
  void: ({ status }) => status === "VoidRequested",
  refund: ({ refunds }) => refunds.some(({ status }) => status === "requested"),
};
