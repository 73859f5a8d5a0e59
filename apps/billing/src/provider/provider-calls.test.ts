import { type BillingEvent, billingEvents, paymentStreamId } from "@cartwright/contracts/billing-events";
import { accept, type Decision } from "@cartwright/decider/decision";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import type { TakenIntent } from "@cartwright/messaging/intents";
import { describe, expect, test } from "vitest";
import type { Payment } from "../payments/payment.ts";
import { paymentModel } from "../payments/payment-model.ts";
import { amount, captureBefore, ids, now, pasts, paymentToken, providerReference } from "../payments/payment-spec.ts";
import { withdrawPayment } from "../payments/withdraw-payment.ts";
import type { IntentState, PaymentProvider } from "./payment-provider.ts";
import { ProviderAway } from "./payment-provider.ts";
import { providerCalls } from "./provider-calls.ts";

const never = () => Promise.reject(new Error("nobody is to be asked for that"));
const nothing: PaymentProvider = { inspect: never, authorize: never, capture: never, void: never, refund: never, find: never };

type Asking = "authorize" | "capture";

const asking = {
  authorize: { past: pasts.requested, payload: { paymentId: ids.paymentId, amount, token: paymentToken, requestedAt: now } },
  capture: { past: pasts.captureRequested, payload: { paymentId: ids.paymentId, amount, providerReference, attempt: 1 } },
} as const;

/** A payment of which the provider is asked for something, by the call that is carried out. */
const bench = async (kind: Asking, provider: Partial<PaymentProvider>) => {
  const log = inMemoryEventLog({ name: "billing" });
  const handler = commandHandler({ log, model: paymentModel });
  const streamId = paymentStreamId(ids.paymentId);
  const { past, payload } = asking[kind];
  const decide = (decision: (payment: Payment) => Decision<BillingEvent, never>) =>
    handler.handle({ streamId, fingerprint: "a test", metadata: {}, decide: decision });
  await decide(() => accept(...past));
  let ahead = 0;
  const deps = { handler, now: () => new Date(Date.parse(now) + ahead), maxCaptureAttempts: 3, maxRefundAttempts: 3 };
  const { [kind]: call } = providerCalls({ ...nothing, ...provider }, deps);
  if (!call) throw new Error(`${kind} is carried out`);
  const intent: TakenIntent = {
    ...{ id: `${ids.paymentId}:${kind}:1`, kind, streamId, payload, metadata: {} },
    ...{ attempt: 1, faults: 0, signal: new AbortController().signal, endsAt: new Date(8.64e15) },
  };
  return {
    call,
    intent,
    isWithdrawn: (because: "checkoutFailed" | "orderCancelled") => decide((payment) => withdrawPayment({ because, now }, payment)),
    pass: (ms: number) => {
      ahead += ms;
    },
    /** As the worker does with what it has tried before. */
    goesOn: async (attempt: number) => {
      const found = await call.reconcile({ ...intent, attempt });
      if (found.found === "pending") throw new Error("the provider has not decided");
      await call.report({ ...intent, attempt }, found.found === "outcome" ? found.outcome : await call.perform({ ...intent, attempt }));
    },
    events: async () => (await log.readStream(streamId)).slice(past.length).map((event) => billingEvents.decode(event)),
    types: async () => (await log.readStream(streamId)).slice(past.length).map((event) => billingEvents.decode(event).type),
  };
};

/** Nothing has got there. */
const away = () => Promise.reject(new ProviderAway("no answer"));
const unheardOf = async () => ({ state: null, refunds: [], disputes: [] });
const holding = async () => ({
  ...{ state: { outcome: "authorized" as const, providerReference, amount, captureBefore }, refunds: [], disputes: [] },
});

test("a capture that the provider has not decided is unknown, and asked about until it is, without being made again", async () => {
  let state: IntentState = { outcome: "pending", providerReference };
  const {
    call: capture,
    intent,
    types,
  } = await bench("capture", {
    capture: async () => state,
    find: async () => ({ state, refunds: [], disputes: [] }),
  });
  await expect(capture.perform(intent)).rejects.toThrow(ProviderAway);
  expect(await types()).toEqual(["PaymentOutcomeUnknown"]);
  for (const attempt of [2, 3, 4, 5, 6, 7]) expect(await capture.reconcile({ ...intent, attempt })).toEqual({ found: "pending" });
  state = { outcome: "captured", providerReference, amount };
  expect(await capture.reconcile({ ...intent, attempt: 8 })).toEqual({ found: "outcome", outcome: state });
  await capture.report({ ...intent, attempt: 8 }, state);
  expect(await types()).toEqual(["PaymentOutcomeUnknown", "PaymentCaptured"]);
});

describe("a checkout that is over before the provider could be asked", () => {
  const withdrawnFailure = { type: "PaymentFailed", data: { code: "withdrawn" } };

  test("has no card held for it where nobody had tried", async () => {
    const { call, intent, isWithdrawn, events } = await bench("authorize", {});
    await isWithdrawn("checkoutFailed");
    await call.report(intent, await call.perform(intent));
    expect(await events()).toMatchObject([{ type: "PaymentWithdrawn" }, withdrawnFailure]);
  });

  test("has none held where what was tried never got there, which is known once it would be shown", async () => {
    const { call, intent, isWithdrawn, goesOn, pass, events } = await bench("authorize", { authorize: away, find: unheardOf });
    await expect(call.perform(intent)).rejects.toThrow(ProviderAway);
    await isWithdrawn("checkoutFailed");
    await expect(goesOn(2)).rejects.toThrow("may not be shown yet");
    pass(2 * 60_000);
    await goesOn(3);
    // A process that died after that has it carried out again.
    await goesOn(4);
    expect(await events()).toMatchObject([{ type: "PaymentOutcomeUnknown" }, { type: "PaymentWithdrawn" }, withdrawnFailure]);
  });

  test("gets back what was held for it although that was not answered", async () => {
    const { call, intent, isWithdrawn, goesOn, types } = await bench("authorize", { authorize: away, find: holding });
    await expect(call.perform(intent)).rejects.toThrow(ProviderAway);
    await isWithdrawn("checkoutFailed");
    await goesOn(2);
    expect(await types()).toEqual(["PaymentOutcomeUnknown", "PaymentWithdrawn", "PaymentAuthorized", "PaymentVoidRequested"]);
  });

  test("gets back what is held for it where it ends while the provider is being asked", async () => {
    const ended: { now?: () => Promise<unknown> } = {};
    const authorize = async () => {
      await ended.now?.();
      return { outcome: "authorized" as const, providerReference, amount, captureBefore };
    };
    const { call, intent, isWithdrawn, types } = await bench("authorize", { authorize });
    ended.now = () => isWithdrawn("checkoutFailed");
    await call.report(intent, await call.perform(intent));
    expect(await types()).toEqual(["PaymentWithdrawn", "PaymentAuthorized", "PaymentVoidRequested"]);
  });
});

describe("an order that is cancelled before the provider could take its money", () => {
  const letGo = [
    { type: "PaymentWithdrawn" },
    { type: "PaymentCaptureFailed", data: { code: "withdrawn", attempt: 1, isFinal: true } },
    { type: "PaymentVoidRequested" },
  ];

  test("has nothing taken, and what is held is let go", async () => {
    const { call, intent, isWithdrawn, events } = await bench("capture", {});
    await isWithdrawn("orderCancelled");
    await call.report(intent, await call.perform(intent));
    expect(await events()).toMatchObject(letGo);
  });

  test("has nothing taken where what was tried never got there", async () => {
    const { call, intent, isWithdrawn, goesOn, events } = await bench("capture", { capture: away, find: holding });
    await expect(call.perform(intent)).rejects.toThrow(ProviderAway);
    await isWithdrawn("orderCancelled");
    await goesOn(2);
    await goesOn(3);
    expect(await events()).toMatchObject([{ type: "PaymentOutcomeUnknown" }, ...letGo]);
  });

  test("gets back what turns out to be taken", async () => {
    const taken = async () => ({ state: { outcome: "captured" as const, providerReference, amount }, refunds: [], disputes: [] });
    const { call, intent, isWithdrawn, goesOn, types } = await bench("capture", { capture: away, find: taken });
    await expect(call.perform(intent)).rejects.toThrow(ProviderAway);
    await isWithdrawn("orderCancelled");
    await goesOn(2);
    expect(await types()).toEqual(["PaymentOutcomeUnknown", "PaymentWithdrawn", "PaymentCaptured", "PaymentRefundRequested"]);
  });
});
