import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { Instant } from "@cartwright/contracts/instant";
import { zero } from "@cartwright/contracts/money";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { RefundState } from "../provider/payment-provider.ts";
import { type ExistingPayment, idsOf, type Payment } from "./payment.ts";
import { contradiction, type News, type Told } from "./told.ts";

export type RecordRefund = { readonly refund: RefundState; readonly now: Instant; readonly told?: Told | undefined };

/** What the provider says of giving money back, also where that was asked for at the provider itself. */
export const recordRefund = ({ refund, now, told }: RecordRefund, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent" || refund.outcome === "pending") return accept();
  const news = refund.outcome === "failed" ? failed(refund, payment, now) : refunded(refund, payment, now);
  if (news !== "contradiction") return accept(...news);
  return told ? contradiction(told, payment, now) : accept();
};

const refunded = (refund: RefundState, payment: ExistingPayment, now: Instant): News => {
  const known = payment.refunds.find(({ refundId }) => refundId === refund.refundId);
  if (known?.status === "refunded") return [];
  const { captured, owner, ownerKind } = payment;
  const { refundId, amount } = refund;
  const refundedTotal = { ...captured, amountMinor: payment.refunded.amountMinor + amount.amountMinor };
  if (amount.currency !== captured.currency || amount.amountMinor === 0) return "contradiction";
  if (refundedTotal.amountMinor > captured.amountMinor) return "contradiction";
  const facts = { ...idsOf(payment), orderId: orderOf(payment), refundId, amount, owner, ownerKind, refundedTotal };
  return [{ type: "PaymentRefunded", data: { ...facts, capturedTotal: captured, refundedAt: now } }];
};

const failed = ({ refundId, code }: Extract<RefundState, { outcome: "failed" }>, payment: ExistingPayment, now: Instant): News => {
  const known = payment.refunds.find((each) => each.refundId === refundId);
  if (!known) return "contradiction";
  if (known.status === "failed") return [];
  const returned = known.status === "refunded" ? known.amount : zero(known.amount.currency);
  const refundedTotal = { ...payment.refunded, amountMinor: payment.refunded.amountMinor - returned.amountMinor };
  const facts = { ...idsOf(payment), orderId: orderOf(payment), refundId, amount: known.amount, code, returned, refundedTotal };
  return [{ type: "PaymentRefundFailed", data: { ...facts, failedAt: now } }];
};

const orderOf = ({ orderId, checkoutId }: ExistingPayment) => orderId ?? orderIdOf(checkoutId);
