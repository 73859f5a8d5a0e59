import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { expect, test } from "vitest";
import { ReactionNotAccepted, reactionTo, settled } from "./reaction.ts";

const recorded: RecordedEvent = {
  eventId: "00000000-0000-4000-8000-000000000001",
  type: "OrderPlaced",
  schemaVersion: 1,
  data: {},
  metadata: { correlationId: "the request", traceparent: "00-of-the-event" },
  streamId: "cart-1",
  version: 3,
  shard: 7,
  position: 42n,
  recordedAt: new Date(0),
};
const context = { key: "group:cart:epoch:7:42", recorded, log: "cart", epoch: "epoch" };

test("a reaction belongs to the request of its event, and says which event made it happen", () => {
  expect(reactionTo(context, { service: "billing", traceparent: "00-of-the-span" })).toEqual({
    key: context.key,
    fingerprint: recorded.eventId,
    metadata: {
      correlationId: "the request",
      causationId: "cart:epoch:7:42",
      actor: { subject: "service-billing", kind: "service" },
      traceparent: "00-of-the-span",
    },
  });
});

test("where nothing is traced here the event's own trace is carried on, and what has no request is one", () => {
  expect(reactionTo(context, { service: "billing", traceparent: undefined }).metadata.traceparent).toBe("00-of-the-event");
  const { metadata } = reactionTo({ ...context, recorded: { ...recorded, metadata: {} } }, { service: "billing", traceparent: undefined });
  expect(metadata).toMatchObject({ correlationId: recorded.eventId });
  expect(metadata).not.toHaveProperty("traceparent");
});

test("whatever is not accepted is a fault of the event", async () => {
  await settled(Promise.resolve({ outcome: "accepted" }));
  await expect(settled(Promise.resolve({ outcome: "keyReused" }))).rejects.toThrow(ReactionNotAccepted);
});
