import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { KeptDispute } from "@cartwright/contracts/payment-shapes";
import { accept, type Decision } from "@cartwright/decider/decision";
import { progressOf } from "./disputes.ts";
import { evolve } from "./evolve.ts";
import { keepNews } from "./keep-news.ts";
import { type ExistingPayment, idsOf, type Payment } from "./payment.ts";
import { refundEverything } from "./request-refund.ts";
import { contradiction, type Heard, type News, recorded } from "./told.ts";

export type RecordDispute = Heard & { readonly dispute: KeptDispute };

/** The card's holder asks their bank for the money, and the bank decides. What it gives again and nobody is to keep goes back then. */
export const recordDispute = ({ dispute, ...heard }: RecordDispute, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent") return accept();
  if (payment.captured.amountMinor === 0) return accept(...keepNews({ about: "dispute", dispute }, payment, heard));
  const events = recorded(disputeNews(dispute, payment, heard.now), payment, heard);
  const after = events.reduce<Payment>(evolve, payment);
  const isGivenAgain = after.status !== "Absent" && after.isUnwanted && events.some(({ type }) => type === "PaymentDisputeClosed");
  return isGivenAgain ? accept(...events, ...refundEverything(after, heard.now)) : accept(...events);
};

/** Of a payment that is known to be captured. */
export const disputeNews = (dispute: KeptDispute, payment: ExistingPayment, now: Instant): News => {
  const { disputeReference, amount, reason, outcome } = dispute;
  if (amount.currency !== payment.captured.currency) return contradiction("disputed_other_currency", amount);
  const known = payment.disputes.find((each) => each.disputeReference === disputeReference);
  if (known && progressOf(dispute) <= progressOf(known)) return known.outcome === outcome || outcome === null ? [] : contradiction("late");
  const { owner, ownerKind } = payment;
  const facts = { ...idsOf(payment), orderId: payment.orderId ?? orderIdOf(payment.checkoutId), disputeReference, amount };
  // What was prevented moved no money, unless it had before.
  const stage = known?.stage === "chargeback" ? known.stage : dispute.stage;
  const begun: BillingEvent = { type: "PaymentDisputed", data: { ...facts, owner, ownerKind, reason, stage, disputedAt: now } };
  const beginning = known?.stage === stage ? [] : [begun];
  return outcome === null ? beginning : [...beginning, { type: "PaymentDisputeClosed", data: { ...facts, stage, outcome, closedAt: now } }];
};
