import type { PaymentOperation } from "@cartwright/contracts/payment-shapes";
import type { ExistingPayment, UnknownOutcome } from "./payment.ts";

/** The provider has said what came of it: of this one, or of all of the kind. */
export const settled = (payment: ExistingPayment, operation: PaymentOperation, ordinal: number | null = null): ExistingPayment => {
  const isOther = (each: UnknownOutcome) =>
    each.operation !== operation || (ordinal !== null && each.ordinal !== null && each.ordinal !== ordinal);
  return payment.unknown.length === 0 ? payment : { ...payment, unknown: payment.unknown.filter(isOther) };
};
