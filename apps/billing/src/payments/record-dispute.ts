import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { DisputeState } from "../provider/payment-provider.ts";
import { type ExistingPayment, idsOf, type Payment } from "./payment.ts";
import { contradiction, type News, type Told } from "./told.ts";

export type RecordDispute = { readonly dispute: DisputeState; readonly now: Instant; readonly told: Told };

/** The card's holder asks their bank for the money, and the bank decides. */
export const recordDispute = ({ dispute, now, told }: RecordDispute, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent") return accept();
  const news = newsOf(dispute, payment, now);
  return news === "contradiction" ? contradiction(told, payment, now) : accept(...news);
};

const newsOf = ({ disputeReference, amount, reason, outcome }: DisputeState, payment: ExistingPayment, now: Instant): News => {
  if (payment.captured.amountMinor === 0 || amount.currency !== payment.captured.currency) return "contradiction";
  const known = payment.dispute?.disputeReference === disputeReference ? payment.dispute : null;
  if (known?.outcome) return outcome === null || outcome === known.outcome ? [] : "contradiction";
  const { owner, ownerKind } = payment;
  const facts = { ...idsOf(payment), orderId: payment.orderId ?? orderIdOf(payment.checkoutId), disputeReference, amount };
  const begun: BillingEvent = { type: "PaymentDisputed", data: { ...facts, owner, ownerKind, reason, disputedAt: now } };
  const beginning = known ? [] : [begun];
  return outcome === null ? beginning : [...beginning, { type: "PaymentDisputeClosed", data: { ...facts, outcome, closedAt: now } }];
};
