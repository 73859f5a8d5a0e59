import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { appendSink, type Reaction } from "./append-sink.ts";
import { consumer } from "./consumer.ts";
import type { Handlers } from "./handlers.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import { appendEvents } from "./testing/events.ts";
import { noteOf, notesIn } from "./testing/notes.ts";

const open = () => {
  const log = inMemoryEventLog({ name: "cart" });
  const own = inMemoryEventLog({ name: "fraud" });
  const progress = inMemoryProgress();
  const react = (handlers: Handlers<RecordedEvent, Record<never, never>, Reaction | undefined>) =>
    consumer({
      group: "reacting",
      log,
      source: logSource({ log }),
      sink: appendSink({ log: own, progress }),
      handlers,
      limits: { maxBackoffMs: 10, headsMs: 10 },
    });
  return { log, own, progress, react };
};

describe("reactions", () => {
  test("are decided anew when their stream has moved meanwhile", async () => {
    const { log, own, react } = open();
    await appendEvents(log, { streamId: "cart-1" });
    let decided = 0;
    await using reacting = react({
      async Counted(event, { group }) {
        const note = noteOf(event, group);
        const [stream] = note.streams;
        const expect = (await own.readStream(stream.streamId)).length;
        if (decided++ === 0) await appendEvents(own, { streamId: stream.streamId, type: "SomethingElse" });
        return { streams: [{ ...stream, expect }] };
      },
    });
    await reacting.start();
    await reacting.catchUp();
    expect(decided).toBe(2);
    expect((await own.readStream("notes-reacting-cart-1")).map(({ type }) => type)).toEqual(["SomethingElse", "Noted"]);
  });

  test("that need a claim which can't be had are the event's fault", async () => {
    const { log, progress, react } = open();
    await appendEvents(log, { streamId: "cart-1" });
    await using reacting = react({
      Counted: async (event, { group }) => ({
        ...noteOf(event, group),
        claims: [{ kind: "count", key: "stock:sku", delta: 2, atMost: 1 }],
      }),
    });
    await reacting.start();
    await reacting.catchUp();
    expect(await progress.parking.list()).toMatchObject([
      { streamId: "cart-1", reason: "ReactionClaimRefused: the claim stock:sku could not be taken" },
    ]);
  });

  test("may be none", async () => {
    const { log, own, react } = open();
    await appendEvents(log, { streamId: "cart-1", count: 3 });
    await using reacting = react({ Counted: async (event, { group }) => (event.version === 2 ? noteOf(event, group) : undefined) });
    await reacting.start();
    await reacting.catchUp();
    expect(await notesIn(own)).toEqual([{ streamId: "cart-1", version: 2 }]);
  });

  test("of other streams do not wait for a slow one", async () => {
    const { log, own, react } = open();
    await appendEvents(log, { streamId: "slow" });
    for (let index = 0; index < 20; index++) await appendEvents(log, { streamId: `cart-${index}` });
    const { promise: gate, resolve: finish } = Promise.withResolvers<void>();
    await using reacting = react({
      async Counted(event, { group }) {
        if (event.streamId === "slow") await gate;
        return noteOf(event, group);
      },
    });
    await reacting.start();
    await until(async () => (await notesIn(own)).length === 20);
    finish();
    await reacting.catchUp();
  });

  test("in batches get the events of all shards at once, and a poisoned one is found among them", async () => {
    const { log, progress, react } = open();
    for (let index = 0; index < 200; index++) await appendEvents(log, { streamId: `cart-${index}` });
    const [poison] = await appendEvents(log, { streamId: "cart-77" });
    const sent: string[] = [];
    let largest = 0;
    await using reacting = react({
      "*": {
        async batch(events) {
          largest = Math.max(largest, events.length);
          if (events.some(({ recorded }) => recorded.eventId === poison)) throw new Error("one of them can't be sent");
          sent.push(...events.map(({ key }) => key));
          return undefined;
        },
      },
    });
    await reacting.start();
    await reacting.catchUp();
    expect(largest).toBeGreaterThan(40);
    expect(new Set(sent).size).toBe(200);
    expect(await progress.parking.list()).toMatchObject([{ streamId: "cart-77", waiting: 1 }]);
  });
});
