import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { DisputeOutcome, DisputeStage, KeptDispute } from "@cartwright/contracts/payment-shapes";
import { describe, expect, test } from "vitest";
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
  who,
  withdrawn,
} from "./payment-spec.ts";
import { recordDispute } from "./record-dispute.ts";
import { recordIntent } from "./record-intent.ts";
import { requestRefund } from "./request-refund.ts";

const facts = { ...ids, orderId, disputeReference: "dp_1", amount };
const begun = (stage: DisputeStage = "chargeback"): BillingEvent => ({
  type: "PaymentDisputed",
  data: { ...facts, ...who, reason: "fraudulent", stage, disputedAt: now },
});
const closed = (outcome: DisputeOutcome, stage: DisputeStage = "chargeback"): BillingEvent => ({
  type: "PaymentDisputeClosed",
  data: { ...facts, stage, outcome, closedAt: now },
});
const dispute = (stage: DisputeStage, outcome: DisputeOutcome | null = null): KeptDispute => ({
  ...{ disputeReference: "dp_1", amount, reason: "fraudulent", stage, outcome },
});
const tells = (said: KeptDispute) => (payment: Payment) => recordDispute({ dispute: said, now, told }, payment);

describe("a dispute", () => {
  test("is told once, and how it ends once", () => {
    given(...pasts.captured)
      .when(tells(dispute("chargeback")))
      .yields(begun());
    given(...pasts.captured, begun())
      .when(tells(dispute("chargeback")))
      .changesNothing();
    given(...pasts.captured, begun())
      .when(tells(dispute("chargeback", "lost")))
      .yields(closed("lost"));
    given(...pasts.captured, begun(), closed("lost"))
      .when(tells(dispute("chargeback", "lost")))
      .changesNothing();
    given(...pasts.captured)
      .when(tells(dispute("chargeback", "won")))
      .yields(begun(), closed("won"));
  });

  test("that was lost is won by an appeal, and nothing goes backwards", () => {
    const lost = [...pasts.captured, begun(), closed("lost")];
    given(...lost)
      .when(tells(dispute("chargeback", "won")))
      .yields(closed("won"));
    given(...lost, closed("won"))
      .when(tells(dispute("chargeback", "lost")))
      .yields(setAside);
    given(...lost)
      .when(tells(dispute("chargeback")))
      .changesNothing();
  });

  test("that is an inquiry moves no money, and comes to nothing or becomes a chargeback", () => {
    const inquiry = [...pasts.captured, begun("inquiry")];
    expect([conditionsOf(paymentOf(...inquiry)), refundableOf(paymentOf(...inquiry))]).toEqual([["disputed"], amount]);
    given(...inquiry)
      .when(tells(dispute("inquiry", "inquiryClosed")))
      .yields(closed("inquiryClosed", "inquiry"));
    expect(conditionsOf(paymentOf(...inquiry, closed("inquiryClosed", "inquiry")))).toEqual([]);
    given(...inquiry)
      .when(tells(dispute("chargeback")))
      .yields(begun("chargeback"));
    given(...inquiry)
      .when(tells(dispute("chargeback", "lost")))
      .yields(begun("chargeback"), closed("lost"));
    given(...inquiry)
      .when(tells(dispute("inquiry", "prevented")))
      .yields(closed("prevented", "inquiry"));
    given(...inquiry, begun("chargeback"))
      .when(tells(dispute("inquiry", "prevented")))
      .yields(closed("prevented", "chargeback"));
  });

  test("does not make another one be told again", () => {
    const other: BillingEvent = { type: "PaymentDisputed", data: { ...facts, ...who, ...second, reason: "fraudulent", disputedAt: now } };
    given(...pasts.captured, begun(), other)
      .when(tells(dispute("chargeback", "won")))
      .yields(closed("won"));
  });
  const second = { disputeReference: "dp_2", amount: eur(100), stage: "chargeback" as const };

  test("of money that we do not know to be taken yet is kept, the provider is asked, and it counts after the capture", () => {
    const kept: BillingEvent = {
      type: "PaymentProviderNewsKept",
      data: { ...ids, ...told, news: { about: "dispute", dispute: dispute("chargeback") }, keptAt: now },
    };
    given(...pasts.captureRequested)
      .when(tells(dispute("chargeback")))
      .yields(kept, checkRequested());
    const capture = given(...pasts.captureRequested, kept, checkRequested()).when((payment) =>
      recordIntent({ state: { outcome: "captured", providerReference, amount }, now, ...rules }, payment),
    );
    capture.yields(captured, begun());
  });
});

describe("what the bank has taken back", () => {
  test("is not given back once more, until it is won", () => {
    const disputed = [...pasts.captured, begun()];
    given(...disputed)
      .when(existing((payment) => requestRefund({ now }, payment)))
      .refuses({ code: "RefundTooLarge", paymentId: ids.paymentId, refundable: eur(0) });
    expect(refundableOf(paymentOf(...disputed, closed("lost")))).toEqual(eur(0));
    expect(refundableOf(paymentOf(...disputed, closed("won")))).toEqual(amount);
  });

  test("goes to the shopper when it is won and no order is left for it", () => {
    const won = given(...pasts.captured, begun(), withdrawn).when(tells(dispute("chargeback", "won")));
    const refund = { ...ids, orderId, refundId: `${ids.paymentId}.r1`, amount, providerReference, requestedAt: now };
    won.yields(closed("won"), { type: "PaymentRefundRequested", data: refund });
  });
});
