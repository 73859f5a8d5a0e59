import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Standing } from "../provider/payment-provider.ts";
import { evolve } from "./evolve.ts";
import type { Payment } from "./payment.ts";
import { recordDispute } from "./record-dispute.ts";
import { recordIntent } from "./record-intent.ts";
import { type RefundRules, recordRefund } from "./record-refund.ts";

export type RecordCheck = RefundRules & { readonly standing: Standing; readonly now: Instant };

/** What the provider answers who asks how a payment stands, what it has given back of it, and what banks ask for. */
export const recordCheck = ({ standing, now, ...rules }: RecordCheck, payment: Payment): Decision<BillingEvent, never> => {
  const { state, refunds, disputes } = standing;
  const heard = { now, ...rules, isChecked: true };
  const steps = [
    ...(state ? [(current: Payment) => recordIntent({ state, ...heard }, current)] : []),
    ...refunds.map((refund) => (current: Payment) => recordRefund({ refund, ...heard }, current)),
    ...disputes.map((dispute) => (current: Payment) => recordDispute({ dispute, ...heard }, current)),
  ];
  const events: BillingEvent[] = [];
  let current = payment;
  for (const step of steps) {
    const decision = step(current);
    if (!decision.accepted) continue;
    events.push(...decision.events);
    current = decision.events.reduce(evolve, current);
  }
  return accept(...events);
};
