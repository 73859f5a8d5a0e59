import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { Money } from "@cartwright/contracts/money";
import { sameMoney } from "@cartwright/contracts/same-money";
import type { IntentState } from "../provider/payment-provider.ts";
import { authorizationOf } from "./authorization-of.ts";
import { evolve } from "./evolve.ts";
import { type ExistingPayment, idsOf, isOver, isUntouched, type Payment } from "./payment.ts";
import { disputeNews } from "./record-dispute.ts";
import { type RefundRules, refundNews } from "./record-refund.ts";
import { refundEverything } from "./request-refund.ts";
import { contradiction, discrepancy, type Heard, type News, recorded } from "./told.ts";

type Captured = Extract<IntentState, { outcome: "captured" }>;

/**
 * The provider has the money. What it says beyond what was authorized is not ours to book: somebody has to look. What was told too early
 * counts now, and what no order waits for goes back.
 */
export const captureNews = ({ amount, providerReference }: Captured, payment: ExistingPayment, context: Heard & RefundRules): News => {
  const { now } = context;
  const { owner, ownerKind, checkoutId, isUnwanted } = payment;
  if (payment.captured.amountMinor > 0) return sameMoney(amount, payment.captured) ? [] : contradiction("captured_other_amount", amount);
  if (isUntouched(payment)) return contradiction("captured_unasked", amount);
  if (amount.currency !== payment.amount.currency || amount.amountMinor === 0) return contradiction("captured_other_amount", amount);
  const taken = amount.amountMinor > payment.amount.amountMinor ? payment.amount : amount;
  // An authorization makes an order: none is to come of what nobody wants.
  const isNew = payment.captureBefore === null && !isUnwanted;
  const known = isNew ? [authorizationOf({ providerReference, captureBefore: null }, payment, now)] : [];
  const facts = {
    ...idsOf(payment),
    orderId: payment.orderId ?? orderIdOf(checkoutId),
    owner,
    ownerKind,
    amount: taken,
    providerReference,
  };
  const event: BillingEvent = { type: "PaymentCaptured", data: { ...facts, capturedTotal: taken, capturedAt: now } };
  return afterCapture([...known, event], { payment, amount, context });
};

type Capture = { readonly payment: ExistingPayment; readonly amount: Money; readonly context: Heard & RefundRules };

const afterCapture = (taking: readonly BillingEvent[], { payment, amount, context }: Capture): readonly BillingEvent[] => {
  const events = [...taking];
  let current = events.reduce<Payment>(evolve, payment);
  const add = (follow: (now: ExistingPayment) => readonly BillingEvent[]) => {
    if (current.status === "Absent") return;
    const more = follow(current);
    events.push(...more);
    current = more.reduce<Payment>(evolve, current);
  };
  if (amount.amountMinor > payment.amount.amountMinor)
    add((after) => [discrepancy(after, { code: "captured_other_amount", claimed: amount }, context)]);
  if (isOver(payment)) add((after) => [discrepancy(after, { code: "captured_after_end", claimed: amount }, context)]);
  for (const { news, ...told } of payment.keptNews) {
    const heard = { now: context.now, told };
    add((after) =>
      recorded(
        news.about === "refund" ? refundNews(news.refund, after, context) : disputeNews(news.dispute, after, context.now),
        after,
        heard,
      ),
    );
  }
  add((after) => (after.isUnwanted ? refundEverything(after, context.now) : []));
  return events;
};
