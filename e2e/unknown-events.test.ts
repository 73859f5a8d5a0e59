import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cartEvents } from "@cartwright/contracts/cart-events";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { appendSink } from "@cartwright/messaging/append-sink";
import { consumer } from "@cartwright/messaging/consumer";
import { inMemoryProgress } from "@cartwright/messaging/in-memory-progress";
import { logSource } from "@cartwright/messaging/log-source";
import { recordingMetrics } from "@cartwright/messaging/testing/recording-metrics";
import { expect, test } from "vitest";

const fixture = join(import.meta.dirname, "../packages/contracts/fixtures/ItemAddedToCart.v1.json");

/** What the release that these consumers are of has never heard of, and what it has, in the log of the cart service. */
const logOfANewerRelease = async () => {
  const log = inMemoryEventLog({ name: "cart" });
  const data = JSON.parse(readFileSync(fixture, "utf8"));
  const append = (streamId: string, type: string, schemaVersion: number) =>
    log.append({
      commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: 1 }],
      streams: [{ streamId, expect: "any", events: [{ eventId: crypto.randomUUID(), type, schemaVersion, data, metadata: {} }] }],
    });
  await append("cart-version", "ItemAddedToCart", 1);
  await append("cart-version", "ItemAddedToCart", 99);
  await append("cart-version", "ItemAddedToCart", 1);
  await append("cart-type", "CartTeleported", 1);
  await append("cart-type", "ItemAddedToCart", 1);
  await append("cart-known", "ItemAddedToCart", 1);
  return log;
};

/** What a group that handles this type, or all, makes of it. */
const consume = async (handles: "ItemAddedToCart" | "*") => {
  const log = await logOfANewerRelease();
  const progress = inMemoryProgress();
  const { metrics, count } = recordingMetrics();
  const handled: string[] = [];
  const handler = (_event: unknown, { recorded }: { recorded: RecordedEvent }) => {
    handled.push(recorded.streamId);
    return undefined;
  };
  await using reading = consumer({
    ...{ group: "reading", log, source: logSource({ log }), sink: appendSink({ progress }), metrics },
    handlers: handles === "*" ? { "*": handler } : { ItemAddedToCart: handler },
    decode: cartEvents.decode,
  });
  await reading.start();
  await reading.catchUp(AbortSignal.timeout(10_000));
  const parked = await progress.parking.list();
  return {
    handled: handled.toSorted(),
    parked: parked.map(({ streamId, reason, waiting }) => `${streamId}, ${waiting}: ${reason}`).toSorted(),
    unknown: count("consumer_unknown_total"),
  };
};

const tooNew = "cart-version, 2: UnknownEventVersion: Event type ItemAddedToCart has no version 99";

test("an event that a group handles and can't read parks its stream; a type that it handles not is skipped, and counted", async () => {
  const { handled, parked, unknown } = await consume("ItemAddedToCart");
  expect(handled).toEqual(["cart-known", "cart-type", "cart-version"]);
  expect(parked).toEqual([tooNew]);
  expect(unknown).toBe(1);
});

test("a group that handles every type parks the stream of one that it has never heard of", async () => {
  const { handled, parked, unknown } = await consume("*");
  expect(handled).toEqual(["cart-known", "cart-version"]);
  expect(parked).toEqual(["cart-type, 2: UnknownEvent: Event type CartTeleported is not known", tooNew]);
  expect(unknown).toBe(0);
});
