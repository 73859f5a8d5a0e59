import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import type { BillingRefusal } from "../refusals.ts";
import { type ExistingPayment, idsOf, refundableOf } from "./payment.ts";
import { referenceOf } from "./reference-of.ts";
import { refundIdOf } from "./refund-id.ts";

export type RequestRefund = {
  /** Absent: all that is left. */
  readonly amount?: Money | undefined;
  readonly now: Instant;
};

/** Gives money back that was taken, never more than that in all. */
export const requestRefund = ({ amount, now }: RequestRefund, payment: ExistingPayment): Decision<BillingEvent, BillingRefusal> => {
  const { paymentId } = payment;
  const refundable = refundableOf(payment);
  const wanted = amount ?? refundable;
  if (wanted.currency !== refundable.currency) return refuse({ code: "OtherCurrency", paymentId, currency: refundable.currency });
  if (refundable.amountMinor === 0 || wanted.amountMinor > refundable.amountMinor)
    return refuse({ code: "RefundTooLarge", paymentId, refundable });
  return accept(refundOf(payment, wanted, now));
};

/** Gives back all that is left to be given back. */
export const refundEverything = (payment: ExistingPayment, now: Instant): readonly BillingEvent[] => {
  const refundable = refundableOf(payment);
  return refundable.amountMinor === 0 ? [] : [refundOf(payment, refundable, now)];
};

const refundOf = (payment: ExistingPayment, amount: Money, now: Instant): BillingEvent => ({
  type: "PaymentRefundRequested",
  data: {
    ...idsOf(payment),
    orderId: payment.orderId ?? orderIdOf(payment.checkoutId),
    refundId: nextRefundId(payment),
    amount,
    providerReference: referenceOf(payment),
    requestedAt: now,
  },
});

/** One that nobody has used, also not at the provider. */
const nextRefundId = ({ paymentId, refunds }: ExistingPayment): string => {
  const used = new Set(refunds.map(({ refundId }) => refundId));
  let ordinal = refunds.length + 1;
  while (used.has(refundIdOf(paymentId, ordinal))) ordinal += 1;
  return refundIdOf(paymentId, ordinal);
};
