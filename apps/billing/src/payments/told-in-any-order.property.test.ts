import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { DisputeOutcome, DisputeStage } from "@cartwright/contracts/payment-shapes";
import type { Decision } from "@cartwright/decider/decision";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { IntentState, RefundState } from "../provider/payment-provider.ts";
import { evolve } from "./evolve.ts";
import type { Payment } from "./payment.ts";
import { amount, eur, now, pasts, paymentOf, providerReference, rules, told } from "./payment-spec.ts";
import { recordDispute } from "./record-dispute.ts";
import { recordIntent } from "./record-intent.ts";
import { recordRefund } from "./record-refund.ts";

type News = (heard: { readonly now: typeof now; readonly told: typeof told }) => (payment: Payment) => Decision<BillingEvent, never>;

const intent =
  (state: IntentState): News =>
  (heard) =>
  (payment) =>
    recordIntent({ state, ...heard, ...rules }, payment);
const refund =
  (state: RefundState): News =>
  (heard) =>
  (payment) =>
    recordRefund({ refund: state, ...heard, ...rules }, payment);
const dispute =
  (stage: DisputeStage, outcome: DisputeOutcome | null): News =>
  (heard) =>
  (payment) =>
    recordDispute({ dispute: { disputeReference: "dp_1", amount, reason: "fraudulent", stage, outcome }, ...heard }, payment);

/** What a provider has to tell of one payment, in the order in which it happened. */
const story: readonly News[] = [
  intent({ outcome: "authorized", providerReference, amount, captureBefore: null }),
  intent({ outcome: "captured", providerReference, amount }),
  refund({ outcome: "pending", refundId: "re_1", amount: eur(1_000) }),
  refund({ outcome: "refunded", refundId: "re_1", amount: eur(1_000) }),
  refund({ outcome: "failed", refundId: "re_1", amount: eur(1_000), code: "lost_or_stolen_card" }),
  refund({ outcome: "refunded", refundId: "re_2", amount: eur(500) }),
  dispute("inquiry", null),
  dispute("chargeback", null),
  dispute("chargeback", "lost"),
  dispute("chargeback", "won"),
];

test("in whatever order the provider tells what has happened, and however often, the money is where it is", () => {
  const order = fc
    .shuffledSubarray(
      story.map((_, index) => index),
      { minLength: story.length },
    )
    .chain((first) => fc.array(fc.nat(story.length - 1), { maxLength: 6 }).map((again) => [...first, ...again]));
  fc.assert(
    fc.property(order, (heardOrder) => {
      const hear = (payment: Payment, [which, index]: readonly [number, number]): Payment => {
        const decision = story[which]?.({ now, told: { ...told, providerEventId: `evt_${index}` } })(payment);
        return decision?.accepted ? decision.events.reduce(evolve, payment) : payment;
      };
      const payment = heardOrder.map((which, index) => [which, index] as const).reduce(hear, paymentOf(...pasts.captureRequested));
      expect(payment).toMatchObject({
        ...{ status: "PartlyRefunded", captured: amount, refunded: eur(500), keptNews: [] },
        disputes: [{ disputeReference: "dp_1", stage: "chargeback", outcome: "won" }],
      });
    }),
    { numRuns: 500 },
  );
}, 30_000);
