import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Standing } from "../provider/payment-provider.ts";
import { evolve } from "./evolve.ts";
import type { Payment } from "./payment.ts";
import { recordIntent } from "./record-intent.ts";
import { recordRefund } from "./record-refund.ts";

export type RecordCheck = { readonly standing: Standing; readonly now: Instant };

/** What the provider answers who asks how a payment stands, and what it has given back of it. */
export const recordCheck = ({ standing: { state, refunds }, now }: RecordCheck, payment: Payment): Decision<BillingEvent, never> => {
  const steps = [
    ...(state ? [(current: Payment) => recordIntent({ state, now }, current)] : []),
    ...refunds.map((refund) => (current: Payment) => recordRefund({ refund, now }, current)),
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
