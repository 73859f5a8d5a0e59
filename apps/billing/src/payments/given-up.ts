import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { unreachable } from "@cartwright/decider/unreachable";
import { type ExistingPayment, isUntouched } from "./payment.ts";
import { settled } from "./settled.ts";

export type GivingUp = Extract<
  BillingEvent,
  {
    type:
      | "PaymentMethodRefused"
      | "PaymentDeclined"
      | "PaymentFailed"
      | "PaymentExpired"
      | "PaymentWithdrawn"
      | "PaymentVoidRequested"
      | "PaymentVoided";
  }
>;

/** What it means that it came to nothing, or is not wanted: no order waits for it, and none will. */
export const givenUp = (before: ExistingPayment, { type, data }: GivingUp): ExistingPayment => {
  const payment = { ...before, isUnwanted: true };
  switch (type) {
    case "PaymentMethodRefused":
      return { ...payment, status: "Refused", code: data.code, updatedAt: data.refusedAt };
    case "PaymentDeclined":
      return { ...settled(payment, "authorize"), status: "Declined", code: data.code, updatedAt: data.declinedAt };
    case "PaymentFailed":
      return { ...settled(payment, "authorize"), status: "Failed", code: data.code, updatedAt: data.failedAt };
    case "PaymentExpired":
      return { ...payment, unknown: [], status: "Expired", providerReference: data.providerReference, updatedAt: data.expiredAt };
    case "PaymentWithdrawn":
      return { ...payment, status: isUntouched(payment) ? "Withdrawn" : payment.status, isWithdrawn: true, updatedAt: data.withdrawnAt };
    case "PaymentVoidRequested":
      return { ...payment, status: "VoidRequested", providerReference: data.providerReference, updatedAt: data.requestedAt };
    case "PaymentVoided":
      return { ...payment, unknown: [], status: "Voided", updatedAt: data.voidedAt };
    default:
      return unreachable(type);
  }
};
