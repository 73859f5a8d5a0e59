import { fakeClock } from "@cartwright/testkit/fake-clock";
import { describe, expect, test } from "vitest";
import { inMemoryLedger } from "./in-memory-ledger.ts";
import { passTime } from "./pass-time.ts";
import { simulatorApp } from "./simulator-app.ts";
import { simulatorPage } from "./simulator-page.ts";
import { testCards } from "./test-cards.ts";

const open = () => {
  const clock = fakeClock();
  const ledger = inMemoryLedger();
  const world = { now: clock.now, pageUrl: () => "http://billing/simulator/3ds" };
  const app = simulatorApp(ledger, world);
  const page = simulatorPage(ledger, world);
  const headers = { authorization: "Bearer sk_test_1", "content-type": "application/x-www-form-urlencoded" };
  const send = async (path: string, form?: Record<string, string>, key?: string) => {
    const body = form && new URLSearchParams(form).toString();
    const keyed = { ...headers, ...(key !== undefined && { "idempotency-key": `${path} ${key}` }) };
    return app.request(path, { headers: keyed, ...(body !== undefined && { method: "POST", body }) });
  };
  const ask = async (path: string, form?: Record<string, string>) => {
    const response = await send(path, form);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> & { id: string; status: string } };
  };
  const pay = (payment_method: string) =>
    ask("/v1/payment_intents", { payment_method, amount: "2000", currency: "eur", capture_method: "manual", confirm: "true" });
  const taken = async (token: string) => {
    const { body } = await pay(token);
    await ask(`/v1/payment_intents/${body.id}/capture`, {});
    return body.id;
  };
  /** What the service is told from now on. */
  const told = async () => {
    await passTime(world, ledger);
    const events = await ledger.takeEvents(clock.now(), { until: new Date(8.64e15), limit: 100 });
    return events.map(({ type, object }) => [type, (object as { status: string }).status]);
  };
  return { clock, send, ask, pay, taken, told, page };
};

describe("a test payment method", () => {
  test.each([
    ["pm_card_gb", "visa", "GB"],
    ["pm_card_de", "visa", "DE"],
    ["pm_card_jp", "visa", "JP"],
    ["pm_card_br", "visa", "BR"],
    ["pm_card_discover", "discover", "US"],
    ["pm_card_diners", "diners", "US"],
    ["pm_card_jcb", "jcb", "US"],
    ["pm_card_unionpay", "unionpay", "US"],
  ])("%s is of its brand and country, and pays", async (token, brand, country) => {
    const { ask, pay } = open();
    expect((await ask(`/v1/payment_methods/${token}`)).body.card).toMatchObject({ brand, country });
    expect((await pay(token)).body.status).toBe("requires_capture");
  });

  test.each([
    ["pm_card_visa_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_visa_chargeDeclinedFraudulent", "card_declined", "fraudulent"],
    ["pm_card_visa_chargeDeclinedVelocityLimitExceeded", "card_declined", "card_velocity_exceeded"],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", undefined],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", undefined],
    ["pm_card_chargeDeclinedProcessingError", "processing_error", undefined],
    ["pm_card_radarBlock", "card_declined", "fraudulent"],
  ])("%s is declined: %s", async (token, code, decline_code) => {
    const { status, body } = await open().pay(token);
    expect(status).toBe(402);
    expect(body.error).toMatchObject({
      code,
      ...(decline_code && { decline_code }),
      payment_intent: { status: "requires_payment_method" },
    });
  });

  test("has a fingerprint of its own for each card", () => {
    const cards = new Map(Object.values(testCards).map(({ card }) => [`${card.brand} ${card.country} ${card.last4}`, card.fingerprint]));
    expect(new Set(cards.values()).size).toBe(cards.size);
  });

  test("that is declined after 3-D Secure asks the shopper first", async () => {
    const { pay, page, ask } = open();
    const { id, status } = (await pay("pm_card_threeDSecureRequiredChargeDeclined")).body;
    expect(status).toBe("requires_action");
    expect(await (await page.request(`/simulator/3ds/${id}`)).text()).toContain("a payment of €20.00");
    await page.request(`/simulator/3ds/${id}`, { method: "POST", body: new URLSearchParams({ answer: "confirm" }) });
    expect((await ask(`/v1/payment_intents/${id}`)).body).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { decline_code: "generic_decline" },
    });
  });
});

test("an authorization that nobody captures ends by itself after seven days, and one that was captured does not", async () => {
  const { clock, ask, pay, taken, told } = open();
  const { id } = (await pay("pm_card_visa")).body;
  await taken("pm_card_visa");
  await told();
  clock.advance(7 * 86_400_000 - 1);
  expect(await told()).toEqual([]);
  clock.advance(1);
  expect(await told()).toEqual([["payment_intent.canceled", "canceled"]]);
  expect((await ask(`/v1/payment_intents/${id}`)).body).toMatchObject({ status: "canceled", cancellation_reason: "automatic" });
  expect((await ask(`/v1/payment_intents/${id}/capture`, {})).body.error).toMatchObject({ code: "payment_intent_unexpected_state" });
  expect(await told()).toEqual([]);
});

test("where answers are lost all is done that was asked, the first answer to each call breaks off, and nothing is told", async () => {
  const { send, ask, told } = open();
  const intent = { payment_method: "pm_sim_answers_lost", amount: "2000", currency: "eur", capture_method: "manual", confirm: "true" };
  const twice = async (path: string, form: Record<string, string>) => {
    await expect((await send(path, form, "key 1")).json()).rejects.toThrow();
    return (await send(path, form, "key 1")).json();
  };
  const { id: payment_intent, status } = await twice("/v1/payment_intents", intent);
  expect(status).toBe("requires_capture");
  expect(await twice(`/v1/payment_intents/${payment_intent}/capture`, {})).toMatchObject({ amount_received: 2_000 });
  expect(await twice("/v1/refunds", { payment_intent, amount: "500" })).toMatchObject({ amount: 500, status: "succeeded" });
  expect((await ask(`/v1/refunds?payment_intent=${payment_intent}`)).body.data).toHaveLength(1);
  expect(await told()).toEqual([]);
});

describe("a refund", () => {
  test.each([
    ["pm_card_pendingRefund", "pending", "refund.updated", "succeeded"],
    ["pm_card_refundFail", "succeeded", "refund.failed", "failed"],
  ])("of %s is %s at first, and a moment later %s says that it has %s", async (token, first, type, then) => {
    const { clock, ask, taken, told } = open();
    const payment_intent = await taken(token);
    expect((await ask("/v1/refunds", { payment_intent })).body.status).toBe(first);
    expect((await told()).at(-1)).toEqual(["refund.created", first]);
    expect(await told()).toEqual([]);
    clock.advance(1_000);
    expect(await told()).toEqual([[type, then]]);
    expect((await ask(`/v1/refunds?payment_intent=${payment_intent}`)).body.data).toMatchObject([{ status: then }]);
    clock.advance(60_000);
    expect(await told()).toEqual([]);
  });

  test("that has come back leaves the money to be refunded anew", async () => {
    const { clock, ask, taken } = open();
    const payment_intent = await taken("pm_card_refundFail");
    await ask("/v1/refunds", { payment_intent });
    expect((await ask("/v1/refunds", { payment_intent })).body.error).toMatchObject({ code: "charge_already_refunded" });
    clock.advance(1_000);
    expect((await ask("/v1/refunds", { payment_intent })).status).toBe(200);
  });
});

describe("a dispute", () => {
  const disputed = async (token: string) => {
    const bench = open();
    const payment_intent = await bench.taken(token);
    await bench.told();
    const { data } = (await bench.ask(`/v1/disputes?payment_intent=${payment_intent}`)).body;
    const [dispute] = data as { id: string; status: string; reason: string }[];
    if (!dispute) throw new Error("there is a dispute");
    const { page } = bench;
    const decide = (evidence: string) =>
      page.request(`/simulator/disputes/${dispute.id}`, { method: "POST", body: new URLSearchParams({ evidence }) });
    return { ...bench, dispute, decide };
  };

  test.each([
    ["winning_evidence", "won"],
    ["losing_evidence", "lost"],
  ])("is decided on its page by %s: it is %s, once", async (evidence, status) => {
    const { dispute, decide, told, page } = await disputed("pm_card_createDisputeProductNotReceived");
    expect(dispute).toMatchObject({ status: "needs_response", reason: "product_not_received" });
    expect(await (await page.request(`/simulator/disputes/${dispute.id}`)).text()).toContain("stands at needs_response");
    expect((await decide(evidence)).status).toBe(303);
    await decide("winning_evidence");
    await decide("losing_evidence");
    expect(await told()).toEqual([["charge.dispute.closed", status]]);
  });

  test("that is only asked about closes without one, or becomes one", async () => {
    const asked = await disputed("pm_card_createDisputeInquiry");
    expect(asked.dispute.status).toBe("warning_needs_response");
    await asked.decide("winning_evidence");
    expect(await asked.told()).toEqual([["charge.dispute.closed", "warning_closed"]]);
    const escalated = await disputed("pm_card_createDisputeInquiry");
    await escalated.decide("escalate_inquiry_evidence");
    expect(await escalated.told()).toEqual([["charge.dispute.updated", "needs_response"]]);
    await escalated.decide("losing_evidence");
    expect(await escalated.told()).toEqual([["charge.dispute.closed", "lost"]]);
  });

  test("that nobody has begun is not there", async () => {
    const { page } = open();
    expect((await page.request("/simulator/disputes/dp_1")).status).toBe(404);
    expect((await page.request("/simulator/disputes/dp_1", { method: "POST", body: new URLSearchParams({ evidence: "x" }) })).status).toBe(
      404,
    );
  });
});
