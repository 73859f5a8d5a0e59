import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { expect, test } from "vitest";
import { conditionsOf } from "./payment.ts";
import { amount, eur, given, ids, now, orderId, pasts, paymentOf, providerReference, rules, who } from "./payment-spec.ts";
import { recordRefund } from "./record-refund.ts";
import { recordUnknown } from "./record-unknown.ts";
import { requestOpenCheck } from "./request-check.ts";

const named = (ordinal: number) => `${ids.paymentId}.r${ordinal}`;
const asked = (ordinal: number): BillingEvent => ({
  type: "PaymentRefundRequested",
  data: { ...ids, orderId, refundId: named(ordinal), amount: eur(500), providerReference, requestedAt: now },
});
const unknown = (ordinal: number): BillingEvent => ({
  type: "PaymentOutcomeUnknown",
  data: { ...ids, operation: "refund", ordinal, since: now },
});
const both = [...pasts.captured, asked(1), asked(2)];

test("of two refunds that were not answered each is unknown by itself, until its own answer comes", () => {
  const record = (ordinal: number) => (payment: Parameters<typeof recordUnknown>[1]) =>
    recordUnknown({ operation: "refund", ordinal, now }, payment);
  given(...both)
    .when(record(1))
    .yields(unknown(1));
  given(...both, unknown(1))
    .when(record(1))
    .changesNothing();
  given(...both, unknown(1))
    .when(record(2))
    .yields(unknown(2));
  const first = given(...both, unknown(1), unknown(2)).when((payment) =>
    recordRefund({ refund: { outcome: "refunded", refundId: named(1), amount: eur(500) }, now, ...rules }, payment),
  );
  expect(first.leaves()).toMatchObject({ unknown: [{ operation: "refund", ordinal: 2 }] });
  expect(conditionsOf(paymentOf(...both, unknown(2)))).toEqual(["unknown"]);
  given(...pasts.captured)
    .when(record(1))
    .changesNothing();
});

test("an attempt that is over is not unknown any more", () => {
  given(...pasts.captureRequested)
    .when((payment) => recordUnknown({ operation: "capture", ordinal: 2, now }, payment))
    .changesNothing();
  expect(
    given(...pasts.captureRequested)
      .when((payment) => recordUnknown({ operation: "capture", ordinal: 1, now }, payment))
      .leaves(),
  ).toMatchObject({ unknown: [{ operation: "capture", ordinal: 1 }] });
});

test("the provider is asked again about what it has left open, and about nothing else", () => {
  const ask = (payment: Parameters<typeof requestOpenCheck>[1]) => requestOpenCheck({ now }, payment);
  const refunded: BillingEvent = {
    type: "PaymentRefunded",
    data: {
      ...{ ...ids, ...who, orderId, refundId: named(1), amount: eur(500) },
      ...{ refundedTotal: eur(500), capturedTotal: amount, refundedAt: now },
    },
  };
  const check: BillingEvent = { type: "PaymentCheckRequested", data: { ...ids, check: 1, providerReference, requestedAt: now } };
  given(...pasts.captured, asked(1))
    .when(ask)
    .yields(check);
  given(...pasts.captured, asked(1), refunded)
    .when(ask)
    .changesNothing();
});
