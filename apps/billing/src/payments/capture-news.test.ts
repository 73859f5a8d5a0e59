import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { DiscrepancyCode } from "@cartwright/contracts/payment-shapes";
import { describe, expect, test } from "vitest";
import { acknowledgeDiscrepancies } from "./acknowledge-discrepancies.ts";
import { conditionsOf, type Payment } from "./payment.ts";
import {
  amount,
  authorized,
  captured,
  eur,
  existing,
  given,
  held,
  ids,
  now,
  orderId,
  pasts,
  paymentOf,
  providerReference,
  requested,
  rules,
  setAside,
  told,
} from "./payment-spec.ts";
import { recordCheck } from "./record-check.ts";
import { recordIntent } from "./record-intent.ts";

const found = (code: DiscrepancyCode, minor: number | null, recorded = amount, isTold = true): BillingEvent => ({
  type: "PaymentDiscrepancyFound",
  data: {
    ...{ ...ids, code, claimed: minor === null ? null : eur(minor), recorded },
    ...{ providerEventId: isTold ? told.providerEventId : null, foundAt: now },
  },
});
const refund: BillingEvent = {
  type: "PaymentRefundRequested",
  data: { ...ids, orderId, refundId: `${ids.paymentId}.r1`, amount, providerReference, requestedAt: now },
};
const took = (minor: number) => ({ outcome: "captured" as const, providerReference, amount: eur(minor) });
const tells = (minor: number) => (payment: Payment) => recordIntent({ state: took(minor), now, told, ...rules }, payment);
const checks = (minor: number) => (payment: Payment) =>
  recordCheck({ standing: { state: took(minor), refunds: [], disputes: [] }, now, ...rules }, payment);

describe("money that the provider says it took", () => {
  const expired: BillingEvent = { type: "PaymentExpired", data: { ...held, expiredAt: now } };
  const failure: BillingEvent = { type: "PaymentFailed", data: { ...ids, amount, code: "x", failedAt: now } };
  const ends = {
    voided: pasts.voided,
    declined: pasts.declined,
    expired: [...pasts.authorized, expired],
    failed: [...pasts.inspected, requested, failure],
  };

  test.each(Object.entries(ends))("of a payment that is %s goes back, and somebody hears of it", (_end, past) => {
    given(...past)
      .when(tells(2_000))
      .yields(captured, found("captured_after_end", 2_000), refund);
    given(...past)
      .when(checks(2_000))
      .yields(captured, found("captured_after_end", 2_000, amount, false), refund);
    expect(conditionsOf(paymentOf(...past, captured, found("captured_after_end", 2_000), refund))).toEqual(["discrepant"]);
  });

  test("beyond what was authorized is not booked, and somebody hears of it, once", () => {
    given(...pasts.captureRequested)
      .when(tells(2_500))
      .yields(captured, found("captured_other_amount", 2_500));
    given(...pasts.captureRequested, captured, found("captured_other_amount", 2_500))
      .when(tells(2_500))
      .yields(setAside);
    given(...pasts.captureRequested, captured, found("captured_other_amount", 2_500))
      .when(checks(2_500))
      .changesNothing();
  });

  test("other than what is booked, or without being asked, is looked at by somebody, whoever has heard it", () => {
    given(...pasts.captured)
      .when(tells(1_500))
      .yields(found("captured_other_amount", 1_500));
    given(...pasts.captured)
      .when(checks(1_500))
      .yields(found("captured_other_amount", 1_500, amount, false));
    given(...pasts.inspected)
      .when(tells(2_000))
      .yields(found("captured_unasked", 2_000, eur(0)));
  });
});

test("what the provider answers who asks it, and does not follow, is not passed over", () => {
  const standing = { state: { outcome: "declined" as const, code: "no" }, refunds: [], disputes: [] };
  given(...pasts.authorized)
    .when((payment) => recordCheck({ standing, now, ...rules }, payment))
    .yields(found("other_state", null, eur(0), false));
  // The answer to a call may be an old one again.
  given(...pasts.authorized)
    .when((payment) => recordIntent({ state: standing.state, now, ...rules }, payment))
    .changesNothing();
});

test("what the provider has given back, by the same answer that it took nothing, is looked at by somebody", () => {
  const refunds = [{ outcome: "refunded" as const, refundId: "re_1", amount: eur(500) }];
  const dispute = { disputeReference: "dp_1", amount: eur(700), reason: "fraudulent", stage: "chargeback" as const, outcome: null };
  const state = { outcome: "canceled" as const, providerReference, reason: "requested" as const };
  given(...pasts.voided)
    .when((payment) => recordCheck({ standing: { state, refunds, disputes: [dispute] }, now, ...rules }, payment))
    .yields(found("refunded_other_amount", 500, eur(0), false), found("other_state", 700, eur(0), false));
});

test("a discrepancy that somebody has looked at is told no more, and not found again", () => {
  const past = [...pasts.captureRequested, captured, found("captured_other_amount", 2_500)];
  const acknowledged: BillingEvent = { type: "PaymentDiscrepanciesAcknowledged", data: { ...ids, acknowledgedAt: now } };
  const acknowledge = existing((payment) => acknowledgeDiscrepancies({ now }, payment));
  given(...past)
    .when(acknowledge)
    .yields(acknowledged);
  expect(conditionsOf(paymentOf(...past, acknowledged))).toEqual([]);
  given(...past, acknowledged)
    .when(acknowledge)
    .changesNothing();
  given(...past, acknowledged)
    .when(checks(2_500))
    .changesNothing();
});

test("an authorization that nobody wants any more makes no order when it turns out to be captured", () => {
  const voiding: BillingEvent = { type: "PaymentVoidRequested", data: { ...held, requestedAt: now } };
  const past = pasts.requested;
  given(...past, voiding)
    .when(tells(2_000))
    .yields(captured, refund);
  given(...past)
    .when(tells(2_000))
    .yields(authorized, captured);
});
