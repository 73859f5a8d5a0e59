import { billingEvents, paymentStreamId } from "@cartwright/contracts/billing-events";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import type { TakenIntent } from "@cartwright/messaging/intents";
import { expect, test } from "vitest";
import { paymentModel } from "../payments/payment-model.ts";
import { amount, ids, now, pasts, providerReference } from "../payments/payment-spec.ts";
import type { IntentState, PaymentProvider } from "./payment-provider.ts";
import { ProviderAway } from "./payment-provider.ts";
import { providerCalls } from "./provider-calls.ts";

const never = () => Promise.reject(new Error("nobody is to be asked for that"));
const nothing: PaymentProvider = { inspect: never, authorize: never, capture: never, void: never, refund: never, find: never };

const bench = async (provider: Partial<PaymentProvider>) => {
  const log = inMemoryEventLog({ name: "billing" });
  const handler = commandHandler({ log, model: paymentModel });
  const streamId = paymentStreamId(ids.paymentId);
  const past = pasts.captureRequested;
  await handler.handle({ streamId, fingerprint: "a test", metadata: {}, decide: () => ({ accepted: true, events: past }) });
  const deps = { handler, now: () => new Date(now), maxCaptureAttempts: 3, maxRefundAttempts: 3 };
  const { capture } = providerCalls({ ...nothing, ...provider }, deps);
  if (!capture) throw new Error("captures are carried out");
  const intent: TakenIntent = {
    ...{
      id: `${ids.paymentId}:capture:1`,
      kind: "capture",
      streamId,
      metadata: {},
      attempt: 1,
      faults: 0,
      signal: new AbortController().signal,
      endsAt: new Date(8.64e15),
    },
    payload: { paymentId: ids.paymentId, amount, providerReference, attempt: 1 },
  };
  const types = async () => (await log.readStream(streamId)).slice(past.length).map((event) => billingEvents.decode(event).type);
  return { capture, intent, types };
};

test("a capture that the provider has not decided is unknown, and asked about until it is, without being made again", async () => {
  let state: IntentState = { outcome: "pending", providerReference };
  const { capture, intent, types } = await bench({
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
