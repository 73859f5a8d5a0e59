import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { describe, expect, test } from "vitest";
import type { RefundState } from "../provider/payment-provider.ts";
import { acknowledgeDiscrepancies } from "./acknowledge-discrepancies.ts";
import { conditionsOf, type Payment, refundableOf } from "./payment.ts";
import {
  amount,
  captured,
  checkRequested,
  eur,
  existing,
  given,
  ids,
  now,
  orderId,
  pasts,
  paymentOf,
  providerReference,
  rules,
  setAside,
  told,
  voidRequested,
  who,
  withdrawn,
} from "./payment-spec.ts";
import { recordIntent } from "./record-intent.ts";
import { recordRefund } from "./record-refund.ts";
import { requestRefund } from "./request-refund.ts";
import { retryRefund } from "./retry-refund.ts";
import { withdrawPayment } from "./withdraw-payment.ts";

const named = (ordinal: number) => `${ids.paymentId}.r${ordinal}`;
const asked = (ordinal: number, minor = 2_000): BillingEvent => ({
  type: "PaymentRefundRequested",
  data: { ...ids, orderId, refundId: named(ordinal), amount: eur(minor), providerReference, requestedAt: now },
});
const refunded = (refundId: string, minor = 2_000, total = minor): BillingEvent => ({
  type: "PaymentRefunded",
  data: {
    ...{ ...ids, ...who, orderId, refundId, amount: eur(minor) },
    ...{ refundedTotal: eur(total), capturedTotal: amount, refundedAt: now },
  },
});
type Failing = { readonly attempt: number; readonly isFinal: boolean; readonly returned?: number; readonly total?: number };
const failed = (refundId: string, minor: number, { attempt, isFinal, returned = 0, total = 0 }: Failing): BillingEvent => ({
  type: "PaymentRefundFailed",
  data: {
    ...{ ...ids, orderId, refundId, amount: eur(minor), code: "expired_or_canceled_card" },
    ...{ returned: eur(returned), refundedTotal: eur(total), attempt, isFinal, failedAt: now },
  },
});

const fails = (refundId: string, minor = 2_000): RefundState => ({
  ...{ outcome: "failed", refundId, amount: eur(minor), code: "expired_or_canceled_card" },
});
const goes = (refundId: string, minor = 2_000): RefundState => ({ outcome: "refunded", refundId, amount: eur(minor) });
const answers = (refund: RefundState) => (payment: Payment) => recordRefund({ refund, now, ...rules }, payment);
const tells = (refund: RefundState) => (payment: Payment) => recordRefund({ refund, now, told, ...rules }, payment);
const retry = (payment: Payment) => retryRefund({ now }, payment);
const capture = (payment: Payment) => recordIntent({ state: { outcome: "captured", providerReference, amount }, now, ...rules }, payment);

describe("money that has to go back, because its order is cancelled", () => {
  const cancelled = [...pasts.captured, withdrawn, asked(1)];

  test("is given back anew when that fails, under another name, so often and no more; then somebody has to look", () => {
    const once = failed(named(1), 2_000, { attempt: 1, isFinal: false });
    given(...cancelled)
      .when(answers(fails(named(1))))
      .yields(once);
    expect(conditionsOf(paymentOf(...cancelled, once))).toEqual([]);
    given(...cancelled, once)
      .when(retry)
      .yields(asked(2));
    const twice = [...cancelled, once, asked(2), failed(named(2), 2_000, { attempt: 2, isFinal: false }), asked(3)];
    const last = failed(named(3), 2_000, { attempt: 3, isFinal: true });
    given(...twice)
      .when(answers(fails(named(3))))
      .yields(last);
    expect(conditionsOf(paymentOf(...twice, last))).toEqual(["refundFailed"]);
    const byHand = given(...twice, last).when(existing((payment) => requestRefund({ now }, payment)));
    byHand.yields(asked(4));
    expect(conditionsOf(paymentOf(...twice, last, asked(4)))).toEqual([]);
  });

  test("is never on its way twice at once", () => {
    given(...cancelled)
      .when(retry)
      .changesNothing();
    given(...cancelled, refunded(named(1)))
      .when(retry)
      .changesNothing();
  });

  test("is given back anew where a part that was on its way before fails, and where a refund comes back", () => {
    const parts = [...pasts.captured, asked(1, 500), withdrawn, asked(2, 1_500)];
    given(...parts)
      .when(answers(fails(named(1), 500)))
      .yields(failed(named(1), 500, { attempt: 1, isFinal: false }));
    given(...parts, failed(named(1), 500, { attempt: 1, isFinal: false }))
      .when(retry)
      .yields(asked(3, 500));
    given(...cancelled, refunded(named(1)))
      .when(answers(fails(named(1))))
      .yields(failed(named(1), 2_000, { attempt: 1, isFinal: false, returned: 2_000 }));
  });

  test("goes back also where all of it had gone back before the order was cancelled, and comes back then", () => {
    const gone = [...pasts.captured, asked(1), refunded(named(1))];
    given(...gone)
      .when((payment) => withdrawPayment({ because: "orderCancelled", now }, payment))
      .yields(withdrawn);
    given(...gone, withdrawn)
      .when(answers(fails(named(1))))
      .yields(failed(named(1), 2_000, { attempt: 1, isFinal: false, returned: 2_000 }));
  });

  test("goes back also where it was taken although it was to be voided", () => {
    const past = [...pasts.authorized, voidRequested, captured, asked(1)];
    given(...past)
      .when(answers(fails(named(1))))
      .yields(failed(named(1), 2_000, { attempt: 1, isFinal: false }));
  });
});

test("a refund of a good order that fails is for whoever asked for it to repeat", () => {
  const past = [...pasts.captured, asked(1, 500)];
  const failure = failed(named(1), 500, { attempt: 1, isFinal: true });
  given(...past)
    .when(answers(fails(named(1), 500)))
    .yields(failure);
  given(...past, failure)
    .when(retry)
    .changesNothing();
  expect(paymentOf(...past, failure)).toMatchObject({ status: "Captured" });
  expect([conditionsOf(paymentOf(...past, failure)), refundableOf(paymentOf(...past, failure))]).toEqual([["refundFailed"], amount]);
  const acknowledge = existing((payment) => acknowledgeDiscrepancies({ now }, payment));
  const acknowledged: BillingEvent = { type: "PaymentDiscrepanciesAcknowledged", data: { ...ids, acknowledgedAt: now } };
  given(...past, failure)
    .when(acknowledge)
    .yields(acknowledged);
  expect(conditionsOf(paymentOf(...past, failure, acknowledged))).toEqual([]);
  // What has to go back stays until it has.
  const owed = [...pasts.captured, withdrawn, asked(1), failed(named(1), 2_000, { attempt: 3, isFinal: true })];
  given(...owed)
    .when(acknowledge)
    .changesNothing();
});

test("what failed while the order was a good one does not count once it is cancelled", () => {
  const before = [1, 2, 3].flatMap((ordinal) => [asked(ordinal, 500), failed(named(ordinal), 500, { attempt: 1, isFinal: true })]);
  given(...pasts.captured, ...before, withdrawn, asked(4))
    .when(answers(fails(named(4))))
    .yields(failed(named(4), 2_000, { attempt: 1, isFinal: false }));
});

describe("a refund that was made at the provider", () => {
  const kept = (refund: Exclude<RefundState, { outcome: "pending" }>, id = told.providerEventId): BillingEvent => ({
    type: "PaymentProviderNewsKept",
    data: {
      ...{ ...ids, ...told, providerEventId: id, keptAt: now },
      news: {
        about: "refund",
        refund:
          refund.outcome === "failed"
            ? { ...refund, code: "expired_or_canceled_card" }
            : { outcome: "refunded", refundId: refund.refundId, amount: refund.amount },
      },
    },
  });

  test("counts", () =>
    given(...pasts.captured)
      .when(tells(goes("re_1", 500)))
      .yields(refunded("re_1", 500)));

  test("and is told before we know of the capture is kept, the provider is asked, and it counts after the capture", () => {
    given(...pasts.captureRequested)
      .when(tells(goes("re_1", 500)))
      .yields(kept({ outcome: "refunded", refundId: "re_1", amount: eur(500) }), checkRequested());
    given(...pasts.captureRequested, kept({ outcome: "refunded", refundId: "re_1", amount: eur(500) }), checkRequested())
      .when(capture)
      .yields(captured, refunded("re_1", 500));
  });

  test("and is told early of what nobody wants any more leaves the rest to be given back", () =>
    given(...pasts.captureRequested, withdrawn, kept({ outcome: "refunded", refundId: "re_1", amount: eur(500) }))
      .when(capture)
      .yields(captured, refunded("re_1", 500), asked(2, 1_500)));

  test("and has failed does not succeed by older news, whenever that comes", () => {
    const failure = failed("re_1", 500, { attempt: 1, isFinal: true });
    given(...pasts.captured)
      .when(tells(fails("re_1", 500)))
      .yields(failure);
    const later = given(...pasts.captured, failure).when(tells(goes("re_1", 500)));
    expect(later.leaves()).toMatchObject({ status: "Captured", refunded: eur(0), discrepancies: [{ code: "refunded_after_failure" }] });
    given(...pasts.captureRequested, kept({ outcome: "failed", refundId: "re_1", amount: eur(500), code: "x" }))
      .when(capture)
      .yields(captured, failure);
  });

  test("of more than was taken is looked at by somebody, and told once", () => {
    const found: BillingEvent = {
      type: "PaymentDiscrepancyFound",
      data: {
        ...{ ...ids, code: "refunded_other_amount", claimed: eur(2_500), recorded: amount },
        ...{ providerEventId: told.providerEventId, foundAt: now },
      },
    };
    given(...pasts.captured)
      .when(tells(goes("re_1", 2_500)))
      .yields(found);
    expect(conditionsOf(paymentOf(...pasts.captured, found))).toEqual(["discrepant"]);
    given(...pasts.captured, found)
      .when(tells(goes("re_1", 2_500)))
      .yields(setAside);
  });
});
