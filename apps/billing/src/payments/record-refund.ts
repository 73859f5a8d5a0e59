import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { Instant } from "@cartwright/contracts/instant";
import { zero } from "@cartwright/contracts/money";
import type { KeptRefund } from "@cartwright/contracts/payment-shapes";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { RefundState } from "../provider/payment-provider.ts";
import { evolve } from "./evolve.ts";
import { keepNews } from "./keep-news.ts";
import { type ExistingPayment, idsOf, type Payment } from "./payment.ts";
import { refundEverything } from "./request-refund.ts";
import { contradiction, type Heard, type News, recorded } from "./told.ts";

/** How often money that nobody is to keep is given back by itself, where giving it back fails. */
export type RefundRules = { readonly maxRefundAttempts: number };

export type RecordRefund = Heard & RefundRules & { readonly refund: RefundState };

/** What the provider says of giving money back, also where that was asked for at the provider itself. */
export const recordRefund = ({ refund, maxRefundAttempts, ...heard }: RecordRefund, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent" || refund.outcome === "pending") return accept();
  const said = keptOf(refund, refund.outcome);
  if (payment.captured.amountMinor === 0) return accept(...keepNews({ about: "refund", refund: said }, payment, heard));
  const events = recorded(refundNews(said, payment, { now: heard.now, maxRefundAttempts }), payment, heard);
  return accept(...events, ...restOf(payment, events, heard.now));
};

const keptOf = ({ refundId, amount, ...rest }: RefundState, outcome: "refunded" | "failed"): KeptRefund =>
  outcome === "failed" ? { outcome, refundId, amount, code: "code" in rest ? rest.code : "unknown" } : { outcome, refundId, amount };

/** Where less went back than was asked for, of what nobody is to keep. What has failed waits for its time. */
const restOf = (payment: Payment, events: readonly BillingEvent[], now: Instant): readonly BillingEvent[] => {
  const after = events.reduce(evolve, payment);
  if (after.status === "Absent" || !after.isUnwanted || after.refunds.some(({ status }) => status === "failed")) return [];
  return refundEverything(after, now);
};

type Context = RefundRules & { readonly now: Instant };

/** Of a payment that is known to be captured. */
export const refundNews = (refund: KeptRefund, payment: ExistingPayment, context: Context): News =>
  refund.outcome === "failed" ? failed(refund, payment, context) : refunded(refund, payment, context.now);

const refunded = ({ refundId, amount }: KeptRefund, payment: ExistingPayment, now: Instant): News => {
  const known = payment.refunds.find((each) => each.refundId === refundId);
  if (known?.status === "refunded") return [];
  // It may be older news than that it failed; the money may also have gone after all.
  if (known?.status === "failed" || known?.status === "superseded") return contradiction("refunded_after_failure", amount);
  const { captured, owner, ownerKind } = payment;
  const refundedTotal = { ...captured, amountMinor: payment.refunded.amountMinor + amount.amountMinor };
  if (amount.currency !== captured.currency || amount.amountMinor === 0) return contradiction("refunded_other_amount", amount);
  if (refundedTotal.amountMinor > captured.amountMinor) return contradiction("refunded_other_amount", amount);
  const facts = { ...idsOf(payment), orderId: orderOf(payment), refundId, amount, owner, ownerKind, refundedTotal };
  return [{ type: "PaymentRefunded", data: { ...facts, capturedTotal: captured, refundedAt: now } }];
};

const failed = (refund: Extract<KeptRefund, { outcome: "failed" }>, payment: ExistingPayment, context: Context): News => {
  const { refundId, code } = refund;
  const known = payment.refunds.find((each) => each.refundId === refundId);
  if (known?.status === "failed" || known?.status === "superseded") return [];
  const { captured } = payment;
  // One that was made at the provider is written down, so that nothing that is told late makes it succeed.
  const amount = known?.amount ?? refund.amount;
  if (amount.currency !== captured.currency) return contradiction("refunded_other_amount", amount);
  const returned = known?.status === "refunded" ? amount : zero(captured.currency);
  const refundedTotal = { ...captured, amountMinor: payment.refunded.amountMinor - returned.amountMinor };
  const facts = { ...idsOf(payment), orderId: orderOf(payment), refundId, amount, code, returned, refundedTotal };
  const attempt = payment.isUnwanted ? payment.refundFailures + 1 : 1;
  // A refund of a good order is somebody's wish, and theirs to repeat; money without an order has to go back.
  const isFinal = !payment.isUnwanted || attempt >= context.maxRefundAttempts;
  return [{ type: "PaymentRefundFailed", data: { ...facts, attempt, isFinal, failedAt: context.now } }];
};

const orderOf = ({ orderId, checkoutId }: ExistingPayment) => orderId ?? orderIdOf(checkoutId);
