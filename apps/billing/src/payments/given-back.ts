import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Money } from "@cartwright/contracts/money";
import { unreachable } from "@cartwright/decider/unreachable";
import { type Dispute, type ExistingPayment, type PaymentStatus, type Refund, refundableOf } from "./payment.ts";
import { refundOrdinalOf } from "./refund-id.ts";
import { settled } from "./settled.ts";

export type GivingBack = Extract<
  BillingEvent,
  { type: "PaymentRefundRequested" | "PaymentRefunded" | "PaymentRefundFailed" | "PaymentDisputed" | "PaymentDisputeClosed" }
>;

/** What refunds and disputes mean. */
export const givenBack = (payment: ExistingPayment, { type, data }: GivingBack): ExistingPayment => {
  switch (type) {
    case "PaymentRefundRequested": {
      const refund: Refund = { ...refundOf(data), status: "requested", isFinal: false };
      return withoutFailed({ ...payment, refunds: [...payment.refunds, refund], updatedAt: data.requestedAt });
    }
    case "PaymentRefunded": {
      const refunds = withRefund(payment, { ...refundOf(data), status: "refunded", isFinal: false });
      return { ...wentBack(answered(payment, data.refundId), data.refundedTotal), refunds, updatedAt: data.refundedAt };
    }
    case "PaymentRefundFailed": {
      const refunds = withRefund(payment, { ...refundOf(data), status: "failed", isFinal: data.isFinal });
      const refundFailures = payment.isUnwanted ? payment.refundFailures + 1 : payment.refundFailures;
      const failed = { refunds, refundFailures, updatedAt: data.failedAt };
      return { ...wentBack(answered(payment, data.refundId), data.refundedTotal), ...failed };
    }
    case "PaymentDisputed": {
      const { disputeReference, amount, stage, disputedAt } = data;
      return { ...payment, disputes: withDispute(payment, { disputeReference, amount, stage, outcome: null }), updatedAt: disputedAt };
    }
    case "PaymentDisputeClosed": {
      const { disputeReference, amount, stage, outcome, closedAt } = data;
      return { ...payment, disputes: withDispute(payment, { disputeReference, amount, stage, outcome }), updatedAt: closedAt };
    }
    default:
      return unreachable(type);
  }
};

const refundOf = ({ refundId, amount }: Pick<Refund, "refundId" | "amount">) => ({ refundId, amount });

const withRefund = ({ refunds }: ExistingPayment, refund: Refund): readonly Refund[] => [
  ...refunds.filter(({ refundId }) => refundId !== refund.refundId),
  refund,
];

/** Another refund is asked for: what failed before is not waited for any more, unless all has to go back and this is not all. */
const withoutFailed = (payment: ExistingPayment): ExistingPayment =>
  payment.isUnwanted && refundableOf(payment).amountMinor > 0 ? payment : { ...payment, refunds: payment.refunds.map(superseded) };

export const superseded = (refund: Refund): Refund => (refund.status === "failed" ? { ...refund, status: "superseded" } : refund);

const withDispute = ({ disputes }: ExistingPayment, dispute: Dispute): readonly Dispute[] => [
  ...disputes.filter(({ disputeReference }) => disputeReference !== dispute.disputeReference),
  dispute,
];

const wentBack = (payment: ExistingPayment, refunded: Money): ExistingPayment => {
  const left = payment.captured.amountMinor - refunded.amountMinor;
  const status: PaymentStatus = refunded.amountMinor === 0 ? "Captured" : left > 0 ? "PartlyRefunded" : "Refunded";
  return { ...payment, refunded, status };
};

/** The same of a refund; one that was made at the provider was never unknown. */
const answered = (payment: ExistingPayment, refundId: string): ExistingPayment => {
  const ordinal = refundOrdinalOf(refundId);
  return ordinal === null ? payment : settled(payment, "refund", ordinal);
};
