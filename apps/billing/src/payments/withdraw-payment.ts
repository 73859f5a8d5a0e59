import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import { type ExistingPayment, idsOf, type Payment } from "./payment.ts";
import { voidOf } from "./record-intent.ts";
import { referenceOf } from "./reference-of.ts";
import { refundEverything } from "./request-refund.ts";

export type WithdrawPayment = { readonly because: "checkoutFailed" | "orderCancelled"; readonly now: Instant };

/**
 * Nobody wants it any more. What the provider holds or has taken is given back; what it may come to hold or to take, because it was asked
 * and has not answered, is given back when it answers, and what comes back of that, anew.
 */
export const withdrawPayment = ({ because, now }: WithdrawPayment, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent" || payment.isWithdrawn) return accept();
  // A checkout that became an order has not failed.
  return because === "checkoutFailed" && payment.isOrdered ? accept() : withdrawalOf(payment, now);
};

const withdrawalOf = (payment: ExistingPayment, now: Instant): Decision<BillingEvent, never> => {
  const { status } = payment;
  const withdrawn: BillingEvent = { type: "PaymentWithdrawn", data: { ...idsOf(payment), withdrawnAt: now } };
  switch (status) {
    case "Presented":
    case "Inspected":
    case "Requested":
    case "CaptureRequested":
    case "Refunded":
      return accept(withdrawn);
    case "ActionRequired":
    case "Authorized":
    case "CaptureFailed":
      return accept(withdrawn, voidOf(payment, referenceOf(payment), now));
    case "Captured":
    case "PartlyRefunded":
      return accept(withdrawn, ...refundEverything(payment, now));
    case "Refused":
    case "Withdrawn":
    case "Declined":
    case "Failed":
    case "Expired":
    case "VoidRequested":
    case "Voided":
      return accept();
    default:
      return unreachable(status);
  }
};
