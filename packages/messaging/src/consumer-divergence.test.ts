import type { EventLog, LogReader } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { appendSink } from "./append-sink.ts";
import { consumer } from "./consumer.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import { appendEvents } from "./testing/events.ts";
import { noteOf, notesIn } from "./testing/notes.ts";
import { allEventsOf, restoredLog } from "./testing/restored-log.ts";

const streams = Array.from({ length: 40 }, (_, index) => `cart-${index}`);

const append = (log: EventLog, streamId: string, eventId?: string) => appendEvents(log, { streamId, ...(eventId && { eventId }) });

const open = async () => {
  const log = inMemoryEventLog({ name: "cart" });
  const own = inMemoryEventLog({ name: "fraud" });
  const progress = inMemoryProgress();
  for (const streamId of streams) await append(log, streamId);
  const consume = (from: LogReader) =>
    consumer({
      group: "counting",
      log: from,
      source: logSource({ log: from }),
      sink: appendSink({ log: own, progress }),
      handlers: { Counted: async (event, { group }) => noteOf(event, group) },
      limits: { headsMs: 10 },
    });
  return { log, own, progress, consume };
};

const stoppedShards = (counting: ReturnType<typeof consumer>) => counting.status().shards.filter(({ state }) => state === "stopped");

describe("a consumer of a log that was restored", () => {
  test("carries its marks over when the log was restored to a point after them", async () => {
    const { log, own, progress, consume } = await open();
    {
      await using before = consume(log);
      await before.start();
      await before.catchUp();
    }
    const restored = await restoredLog(log, () => true);
    await append(restored, "cart-1");
    await using after = consume(restored);
    await after.start();
    await after.catchUp();
    expect(stoppedShards(after)).toEqual([]);
    expect(await notesIn(own)).toHaveLength(streams.length + 1);
    const marks = await progress.marks({ group: "counting", log: "cart" });
    expect(new Set([...marks.values()].map(({ epoch }) => epoch))).toEqual(new Set([restored.epoch]));
  });

  test("stops on the shards that were restored to a point before their marks, and the others go on", async () => {
    const { log, own, consume } = await open();
    {
      await using before = consume(log);
      await before.start();
      await before.catchUp();
    }
    const [lost] = await allEventsOf(log);
    const restored = await restoredLog(log, ({ shard }) => shard !== lost?.shard);
    await using after = consume(restored);
    await after.start();
    await until(() => stoppedShards(after).length === 1);
    expect(stoppedShards(after)).toMatchObject([{ shard: lost?.shard, cause: "diverged" }]);
    const elsewhere = (await allEventsOf(log)).find(({ shard }) => shard !== lost?.shard);
    await append(restored, elsewhere?.streamId ?? "");
    await until(async () => (await notesIn(own)).length === streams.length + 1);
  });

  test("stops where the log has another event at the mark, also when it has grown beyond it again", async () => {
    const { log, own, consume } = await open();
    {
      await using before = consume(log);
      await before.start();
      await before.catchUp();
    }
    const [last] = (await allEventsOf(log)).toReversed();
    const restored = await restoredLog(log, ({ eventId }) => eventId !== last?.eventId);
    await append(restored, last?.streamId ?? "");
    await append(restored, last?.streamId ?? "");
    await using after = consume(restored);
    await after.start();
    await until(() => stoppedShards(after).length === 1);
    expect(stoppedShards(after)[0]).toMatchObject({ shard: last?.shard, cause: "diverged" });
    expect(await notesIn(own)).toHaveLength(streams.length);
  });

  test("notices it while it runs", async () => {
    const { log, consume } = await open();
    let isRestored = false;
    const shrinking: LogReader = {
      ...log,
      async heads() {
        const { epoch, heads } = await log.heads();
        return { epoch, heads: isRestored ? heads.map(() => 0n) : heads };
      },
    };
    await using counting = consume(shrinking);
    await counting.start();
    await counting.catchUp();
    isRestored = true;
    const used = new Set((await allEventsOf(log)).map(({ shard }) => shard)).size;
    await until(() => stoppedShards(counting).length === used);
  });

  test("goes on when the mark was moved to the common ancestor", async () => {
    const { log, own, progress, consume } = await open();
    {
      await using before = consume(log);
      await before.start();
      await before.catchUp();
    }
    const [last] = (await allEventsOf(log)).toReversed();
    const restored = await restoredLog(log, ({ eventId }) => eventId !== last?.eventId);
    await using after = consume(restored);
    await after.start();
    const [stopped] = await until(() => stoppedShards(after).length === 1 && stoppedShards(after));
    const ancestor = (await allEventsOf(restored)).filter(({ shard }) => shard === stopped?.shard).at(-1);
    const to = { epoch: restored.epoch, position: ancestor?.position ?? 0n, eventId: ancestor?.eventId ?? null };
    if (stopped) await progress.move({ group: "counting", log: "cart" }, [{ shard: stopped.shard, from: stopped.mark, to, parked: [] }]);
    await append(restored, last?.streamId ?? "");
    await after.catchUp();
    expect(stoppedShards(after)).toEqual([]);
    expect(await notesIn(own)).toHaveLength(streams.length + 1);
  });

  test("goes back to the mark where the store of the marks has lost its last writes", async () => {
    const { log, own, progress, consume } = await open();
    await using counting = consume(log);
    await counting.start();
    await counting.catchUp();
    const [last] = (await allEventsOf(log)).toReversed();
    const of = { group: "counting", log: "cart" };
    const from = (await progress.marks(of)).get(last?.shard ?? -1);
    if (!from || !last) throw new Error("nothing was handled");
    const to = { ...from, position: 0n, eventId: null };
    await progress.move(of, [{ shard: last.shard, from, to, parked: [] }]);
    await append(log, last.streamId);
    await counting.catchUp();
    expect((await progress.marks(of)).get(last.shard)?.position).toBe(last.position + 1n);
    // The reactions were there already: only the new event's is new.
    expect(await notesIn(own)).toHaveLength(streams.length + 1);
  });
});
