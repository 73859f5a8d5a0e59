import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { until } from "@cartwright/testkit/until";
import { describe, expect } from "vitest";
import { postgresLedger } from "./simulator/postgres/postgres-ledger.ts";
import { simulatorApp } from "./simulator/simulator-app.ts";
import { approved, type Bench, cancelled, ordered, promises, reaches, started, typesOf } from "./testing/billing-bench.ts";

const promise = promises({
  ...{ REFUND_ATTEMPTS: "3", REFUND_RETRY_DELAY: "50ms", PAYMENT_CHECK_DELAY: "100ms" },
  ...{ CAPTURE_RETRY_DELAY: "50ms" },
});

const authorized = async (bench: Bench, token: string) => {
  await bench.happens(started(bench, token));
  await reaches(bench, "PaymentMethodInspected");
  await bench.happens(approved(bench, token));
  await reaches(bench, "PaymentAuthorized");
  await bench.happens(ordered(bench));
};
const captured = async (bench: Bench, token: string) => {
  await authorized(bench, token);
  await reaches(bench, "PaymentCaptured");
};

const count = async (bench: Bench, type: BillingEvent["type"]) => (await typesOf(bench)).filter((each) => each === type).length;
const dataOf = async <Type extends BillingEvent["type"]>(bench: Bench, type: Type) =>
  (await bench.events()).flatMap((event) => (event.type === type ? [event.data as Extract<BillingEvent, { type: Type }>["data"]] : []));

/** The same simulator, asked by somebody else. */
const asksSimulator = async (bench: Bench, path: string, form: Record<string, string>) => {
  const simulator = simulatorApp(postgresLedger(bench.sql, "billing"));
  const headers = { authorization: "Bearer sk_test_1", "content-type": "application/x-www-form-urlencoded" };
  return simulator.request(path, { method: "POST", headers, body: new URLSearchParams(form).toString() });
};

describe("a refund that the bank sends back", () => {
  promise("is made again where the order is cancelled, so often and no more, and is then found and repeated by hand", async (bench) => {
    await captured(bench, "pm_sim_refund_fails");
    await bench.happens(cancelled(bench));
    await until(async () => (await count(bench, "PaymentRefundFailed")) === 3, { timeoutMs: 20_000, what: "three failures" });
    const failures = await dataOf(bench, "PaymentRefundFailed");
    expect(failures.map(({ attempt, isFinal }) => [attempt, isFinal])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(new Set(failures.map(({ refundId }) => refundId)).size).toBe(3);
    const books = await bench.client("billing:read", "billing:write");
    const { paymentId } = bench.ids;
    const found = async () => (await books.payment.list.query({ condition: "refundFailed" })).payments;
    await until(async () => (await found()).length === 1, { timeoutMs: 10_000, what: "the books" });
    expect(await found()).toMatchObject([{ paymentId, status: "Captured", conditions: ["refundFailed"] }]);
    expect((await bench.health.report()).checks["billing payments"]).toMatchObject({ ok: true, detail: "1 refundFailed" });
    const { position } = await books.payment.refund.mutate({ paymentId });
    const list = await books.payment.list.query({ status: "Captured", atLeastPosition: { paymentId, position } });
    expect(list.payments).toMatchObject([{ paymentId, refunds: [{}, {}, {}, { refundId: `${paymentId}.r4` }] }]);
  });

  promise("is told where the order is a good one, and left to whoever wanted it", async (bench) => {
    await captured(bench, "pm_card_refundFail");
    const books = await bench.client("billing:read", "billing:write");
    const { paymentId } = bench.ids;
    await books.payment.refund.mutate({ paymentId, amount: { amountMinor: 500, currency: "EUR" } });
    await reaches(bench, "PaymentRefundFailed");
    expect(await count(bench, "PaymentRefunded")).toBe(1);
    expect(await dataOf(bench, "PaymentRefundFailed")).toMatchObject([
      { amount: { amountMinor: 500 }, returned: { amountMinor: 500 }, isFinal: true },
    ]);
    expect(await books.payment.get.query({ paymentId })).toMatchObject({ status: "Captured", conditions: ["refundFailed"] });
  });
});

promise("a refund that the bank has not decided is asked about until it has, also where its webhook is lost", async (bench) => {
  await captured(bench, "pm_sim_refund_stays_pending");
  await bench.happens(cancelled(bench));
  await reaches(bench, "PaymentCheckRequested");
  expect(await typesOf(bench)).not.toContain("PaymentRefunded");
  await bench.sql`update billing.simulated_refund set status = 'succeeded'`;
  await reaches(bench, "PaymentRefunded");
});

promise("a dispute is told, closed, and won money is in the totals again", async (bench) => {
  await captured(bench, "pm_card_createDispute");
  await reaches(bench, "PaymentDisputed");
  const books = await bench.client("billing:read", "billing:write");
  const { paymentId } = bench.ids;
  await expect(books.payment.refund.mutate({ paymentId })).rejects.toMatchObject({ data: { refusal: { code: "RefundTooLarge" } } });
  const [dispute] = await bench.sql<{ id: string }[]>`select id from billing.simulated_dispute`;
  const evidence = { "evidence[uncategorized_text]": "winning_evidence" };
  expect((await asksSimulator(bench, `/v1/disputes/${dispute?.id}`, evidence)).status).toBe(200);
  await reaches(bench, "PaymentDisputeClosed");
  expect(await books.payment.get.query({ paymentId })).toMatchObject({
    conditions: [],
    disputes: [{ stage: "chargeback", outcome: "won" }],
  });
  const day = new Date().toISOString().slice(0, 10);
  await until(async () => (await books.payment.totals.query({ from: day, to: day }))[0]?.disputesWonMinor === 2_000, { what: "the books" });
});

describe("money that somebody takes by hand", () => {
  promise(
    "is given back by hand, and the order hears that it will not be paid",
    async (bench) => {
      await authorized(bench, "pm_card_visa");
      await reaches(bench, "PaymentOrdered");
      const books = await bench.client("billing:read", "billing:write");
      const { paymentId } = bench.ids;
      await books.payment.void.mutate({ paymentId });
      await reaches(bench, "PaymentVoided");
      expect(await dataOf(bench, "PaymentCaptureFailed")).toMatchObject([{ code: "voided", isFinal: true }]);
      await expect(books.payment.capture.mutate({ paymentId })).rejects.toMatchObject({ data: { refusal: { code: "NotCapturable" } } });
      expect(await bench.intents()).toMatchObject([{ status: "canceled", amount_received: 0 }]);
    },
    { CAPTURE: "manual" },
  );

  promise(
    "is asked for again where the provider refuses, and no more of it than before",
    async (bench) => {
      await authorized(bench, "pm_sim_capture_refused_once");
      await reaches(bench, "PaymentOrdered");
      const books = await bench.client("billing:read", "billing:write");
      await books.payment.capture.mutate({ paymentId: bench.ids.paymentId, amount: { amountMinor: 1_500, currency: "EUR" } });
      await reaches(bench, "PaymentCaptured");
      expect((await dataOf(bench, "PaymentCaptureRequested")).map(({ amount }) => amount.amountMinor)).toEqual([1_500, 1_500]);
      expect(await bench.intents()).toMatchObject([{ status: "succeeded", amount_received: 1_500 }]);
    },
    { CAPTURE: "manual" },
  );
});
