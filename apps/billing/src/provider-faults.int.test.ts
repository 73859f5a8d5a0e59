import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import {
  approved,
  type Bench,
  cancelled,
  confirmed,
  failed,
  openBench,
  ordered,
  promises,
  reaches,
  started,
  typesOf,
} from "./testing/billing-bench.ts";
import { skippingClock } from "./testing/skipping-clock.ts";

const dayMs = 86_400_000;

const environment = { PAYMENT_TIMEOUT: "400ms", CAPTURE_RETRY_DELAY: "50ms", CAPTURE_ATTEMPTS: "3" };

const promise = promises(environment);

/** Up to the answer about the money. */
const pays = async (bench: Bench, token: string) => {
  await bench.happens(started(bench, token));
  await reaches(bench, "PaymentMethodInspected");
  await bench.happens(approved(bench, token));
};

const count = async (bench: Bench, type: string) => (await typesOf(bench)).filter((each) => each === type).length;

describe("a provider that goes wrong", () => {
  test.each([
    ["is slow", "pm_sim_slow"],
    ["does not answer, and has authorized", "pm_sim_timeout_then_success"],
    ["answers with a fault after it has authorized", "pm_sim_error_after_charge"],
    ["tells everything thrice, and late things first", "pm_sim_duplicate_webhooks"],
    ["tells before it answers", "pm_sim_webhook_first"],
  ])(
    "that %s takes the money once",
    async (_how, token) => {
      await using bench = await openBench({ environment });
      bench.findCart();
      await pays(bench, token);
      await reaches(bench, "PaymentAuthorized");
      await bench.happens(ordered(bench));
      await reaches(bench, "PaymentCaptured");
      await until(async () => (await bench.sql`select from billing.simulated_event where next_at is not null`).length === 0, {
        timeoutMs: 10_000,
      });
      expect([await count(bench, "PaymentAuthorized"), await count(bench, "PaymentCaptured")]).toEqual([1, 1]);
      expect(await bench.intents()).toMatchObject([{ status: "succeeded", amount_received: 2_000 }]);
    },
    60_000,
  );

  promise("tells before it answers, and holds the money until the time that it answers", async (bench) => {
    await pays(bench, "pm_sim_webhook_first");
    await reaches(bench, "PaymentAuthorizationDated");
    const [intent] = await bench.sql<{ created_at: Date }[]>`select created_at from billing.simulated_intent`;
    const heldUntil = Math.floor(Number(intent?.created_at) / 1_000) * 1_000 + 7 * dayMs;
    const dated = (await bench.events()).flatMap(({ type, data }) => (type === "PaymentAuthorizationDated" ? [data.captureBefore] : []));
    expect(dated).toEqual([new Date(heldUntil).toISOString()]);
    const dueAt = async () =>
      (await bench.sql<{ due_at: Date }[]>`select due_at from billing.timer where kind = 'payment-expiry'`)[0]?.due_at;
    await until(async () => Number(await dueAt()) === heldUntil - dayMs / 2, { what: "the timer to be moved" });
  });

  promise("and never answers leaves the outcome unknown", async (bench) => {
    await pays(bench, "pm_sim_never_answers");
    await reaches(bench, "PaymentOutcomeUnknown");
    const books = await bench.client("billing:read", "billing:write");
    const { paymentId } = bench.ids;
    const payment = await books.payment.get.query({ paymentId });
    expect(payment).toMatchObject({ status: "Requested", unknown: [{ operation: "authorize", ordinal: 1 }] });
    const listed = async () => (await books.payment.list.query({ condition: "unknown" })).payments;
    await until(async () => (await listed()).length === 1, { timeoutMs: 10_000, what: "the books" });
    expect(await books.payment.reconcileMany.mutate({})).toMatchObject({ asked: [{ paymentId }], next: null });
    await reaches(bench, "PaymentCheckRequested");
    await bench.happens(failed(bench));
    await reaches(bench, "PaymentWithdrawn");
    expect(await bench.intents()).toEqual([]);
  });

  promise("and refuses a capture is asked so often and no more; the order that is cancelled then gives all of it back", async (bench) => {
    await pays(bench, "pm_sim_capture_refused");
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench));
    await until(async () => (await count(bench, "PaymentCaptureFailed")) === 3, { timeoutMs: 20_000, what: "three refusals" });
    const refusals = (await bench.events()).flatMap((event) => (event.type === "PaymentCaptureFailed" ? [event.data] : []));
    expect(refusals.map(({ attempt, isFinal }) => [attempt, isFinal])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    await bench.happens(cancelled(bench));
    await reaches(bench, "PaymentVoided");
    expect(await bench.intents()).toMatchObject([{ status: "canceled", amount_received: 0 }]);
  });

  promise("and refuses a capture once is asked again, under another key", async (bench) => {
    await pays(bench, "pm_sim_capture_refused_once");
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench));
    await reaches(bench, "PaymentCaptured");
    expect([await count(bench, "PaymentCaptureFailed"), await count(bench, "PaymentCaptureRequested")]).toEqual([1, 2]);
  });
});

describe("a provider whose every answer is lost", () => {
  promise("takes the money once and gives it back once, as it says when it is asked", async (bench) => {
    await pays(bench, "pm_sim_answers_lost");
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench));
    await reaches(bench, "PaymentCaptured");
    await bench.happens(cancelled(bench));
    await reaches(bench, "PaymentRefunded");
    const unknown = (await bench.events()).flatMap((event) => (event.type === "PaymentOutcomeUnknown" ? [event.data.operation] : []));
    expect(unknown).toEqual(["authorize", "capture", "refund"]);
    expect(await bench.intents()).toMatchObject([{ status: "succeeded", amount_received: 2_000 }]);
    expect(await bench.sql`select amount::int from billing.simulated_refund`).toMatchObject([{ amount: 2_000 }]);
  });

  promise("and that refuses the capture gives up what it held", async (bench) => {
    await pays(bench, "pm_sim_capture_refused_answers_lost");
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench));
    await until(async () => (await count(bench, "PaymentCaptureFailed")) === 3, { timeoutMs: 20_000, what: "three refusals" });
    await bench.happens(cancelled(bench));
    await reaches(bench, "PaymentVoided");
    expect(await bench.intents()).toMatchObject([{ status: "canceled", amount_received: 0 }]);
  });
});

test("a capture that fails at the provider itself is no refusal: under another key it is asked again, however few attempts there are", async () => {
  const clock = skippingClock();
  await using bench = await openBench({ clock, environment: { ...environment, CAPTURE_ATTEMPTS: "1" } });
  bench.findCart();
  await pays(bench, "pm_sim_capture_fault_once");
  await reaches(bench, "PaymentAuthorized");
  await bench.happens(ordered(bench));
  await reaches(bench, "PaymentOutcomeUnknown");
  await until(
    async () => {
      clock.skip(2_000);
      return (await count(bench, "PaymentCaptured")) === 1;
    },
    { timeoutMs: 20_000, what: "the capture" },
  );
  const failures = (await bench.events()).flatMap((event) => (event.type === "PaymentCaptureFailed" ? [event.data] : []));
  expect(failures).toMatchObject([{ attempt: 1, code: "provider_error", isFinal: false }]);
  expect(await bench.intents()).toMatchObject([{ status: "succeeded", amount_received: 2_000 }]);
}, 60_000);

describe("a payment that wants the shopper", () => {
  const answering = async (bench: Bench, answer: string) => {
    await pays(bench, "pm_card_authenticationRequired");
    await reaches(bench, "PaymentActionRequired");
    const asked = (await bench.events()).flatMap((event) => (event.type === "PaymentActionRequired" ? [event.data.action.url] : []));
    const url = String(asked[0]).replace("localhost", "127.0.0.1");
    expect(await (await fetch(url)).text()).toContain("Is this you?");
    const back = await fetch(url, { method: "POST", body: new URLSearchParams({ answer }), redirect: "manual" });
    expect(back.status).toBe(303);
    return String(back.headers.get("location"));
  };

  promise("goes on by the provider's word alone when they have confirmed", async (bench) => {
    const location = await answering(bench, "confirm");
    expect(location).toContain("redirect_status=succeeded");
    expect(new URL(location).searchParams.get("paymentId")).toBe(bench.ids.paymentId);
    await reaches(bench, "PaymentAuthorized");
    // By a webhook, which does not say for how long.
    await reaches(bench, "PaymentAuthorizationDated");
    await bench.happens(confirmed(bench));
    await bench.happens(ordered(bench));
    await reaches(bench, "PaymentCaptured");
    expect(await count(bench, "PaymentAuthorized")).toBe(1);
  });

  promise("asks again who says too early that they have confirmed, as often as they do", async (bench) => {
    await pays(bench, "pm_card_authenticationRequired");
    await reaches(bench, "PaymentActionRequired");
    for (const times of [2, 3]) {
      await bench.happens(confirmed(bench));
      await until(async () => (await count(bench, "PaymentActionRequired")) === times, { what: "to be asked again" });
    }
    await bench.happens(failed(bench));
    await reaches(bench, "PaymentVoided");
    expect([await count(bench, "PaymentCheckRequested"), await count(bench, "PaymentActionRequired")]).toEqual([2, 3]);
  });

  promise("is declined when they say no", async (bench) => {
    expect(await answering(bench, "fail")).toContain("redirect_status=failed");
    await reaches(bench, "PaymentDeclined");
  });

  promise("is given up when they do nothing", async (bench) => {
    await pays(bench, "pm_card_authenticationRequired");
    await reaches(bench, "PaymentActionRequired");
    await bench.happens(failed(bench));
    await reaches(bench, "PaymentVoided");
  });
});

describe("money that was taken", () => {
  const captured = async (bench: Bench, token = "pm_card_visa") => {
    await pays(bench, token);
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench));
    await reaches(bench, "PaymentCaptured");
  };

  promise("is given back when the order is cancelled", async (bench) => {
    await captured(bench);
    await bench.happens(cancelled(bench), cancelled(bench));
    await reaches(bench, "PaymentRefunded");
    expect(await count(bench, "PaymentRefunded")).toBe(1);
    expect(await bench.sql`select amount::int, status from billing.simulated_refund`).toMatchObject([
      { amount: 2_000, status: "succeeded" },
    ]);
  });

  promise(
    "is given back in parts, once for a key, never more than was taken; and the totals equal the provider's ledger",
    async (bench) => {
      await captured(bench);
      const books = await bench.client("billing:read", "billing:write");
      const { paymentId } = bench.ids;
      const part = { paymentId, amount: { amountMinor: 500, currency: "EUR" as const } };
      const first = await books.payment.refund.mutate({ ...part, idempotencyKey: "k1" as never });
      expect(await books.payment.refund.mutate({ ...part, idempotencyKey: "k1" as never })).toEqual(first);
      await books.payment.refund.mutate(part);
      await expect(books.payment.refund.mutate({ paymentId, amount: { amountMinor: 1_001, currency: "EUR" } })).rejects.toMatchObject({
        data: { refusal: { code: "RefundTooLarge", refundable: { amountMinor: 1_000 } } },
      });
      await until(async () => (await count(bench, "PaymentRefunded")) === 2, { what: "two refunds" });
      const day = new Date().toISOString().slice(0, 10);
      await until(async () => (await books.payment.totals.query({ from: day, to: day }))[0]?.refunds === 2, { what: "the books" });
      expect((await books.payment.list.query({ status: "PartlyRefunded" })).payments).toHaveLength(1);
      expect(await books.payment.totals.query({ from: day, to: day })).toMatchObject([
        { day, currency: "EUR", capturedMinor: 2_000, captures: 1, refundedMinor: 1_000, refunds: 2 },
      ]);
      const [ledger] = await bench.sql`select (select sum(amount_received) from billing.simulated_intent)::int as captured,
      (select sum(amount) from billing.simulated_refund where status = 'succeeded')::int as refunded`;
      expect(ledger).toEqual({ captured: 2_000, refunded: 1_000 });
    },
  );

  promise("is disputed, as the provider tells", async (bench) => {
    await captured(bench, "pm_card_createDispute");
    await reaches(bench, "PaymentDisputed");
  });

  promise(
    "is taken by hand, in part, where that is configured",
    async (bench) => {
      await pays(bench, "pm_card_visa");
      await reaches(bench, "PaymentAuthorized");
      await bench.happens(ordered(bench));
      await reaches(bench, "PaymentOrdered");
      const books = await bench.client("billing:read", "billing:write");
      const { paymentId } = bench.ids;
      await books.payment.capture.mutate({ paymentId, amount: { amountMinor: 1_500, currency: "EUR" } });
      await reaches(bench, "PaymentCaptured");
      expect(await books.payment.get.query({ paymentId })).toMatchObject({ status: "Captured", captured: { amountMinor: 1_500 } });
      await expect(books.payment.void.mutate({ paymentId })).rejects.toMatchObject({ data: { refusal: { code: "NotVoidable" } } });
    },
    { CAPTURE: "manual" },
  );
});
