import type { LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import type { LogEpoch } from "@cartwright/event-log/postgres/epochs";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { consumer } from "../consumer.ts";
import { logSource } from "../log-source.ts";
import { tableSink } from "../table-sink.ts";
import { appendEvents } from "../testing/events.ts";
import { restoredLog } from "../testing/restored-log.ts";
import { serviceDatabase } from "../testing/service-database.ts";
import { divergedMarks, recoverMarks } from "./recover-marks.ts";

const schema = "projector";
const streams = Array.from({ length: 40 }, (_, index) => `cart-${index}`);
const epochOf = (log: LogReader, beganAt: readonly bigint[]): LogEpoch => ({ epoch: log.epoch, beganAt, openedAt: new Date(0) });
const nothing = Array.from({ length: 16 }, () => 0n);

/** A log of forty streams, all handled, and the same log restored without what the second half of them did. */
const open = async () => {
  const database = await serviceDatabase(schema, testDatabase);
  const { sql } = database;
  const log = inMemoryEventLog({ name: "cart" });
  const handled: string[] = [];
  const project = (from: LogReader, handle: (event: RecordedEvent) => Promise<void> = async () => {}) =>
    consumer({
      group: "views",
      log: from,
      source: logSource({ log: from }),
      sink: tableSink({ sql, schema }),
      handlers: {
        async Counted(event: RecordedEvent) {
          await handle(event);
          handled.push(event.eventId);
        },
      },
      limits: { headsMs: 20, maxBackoffMs: 20 },
    });
  for (const streamId of streams) await appendEvents(log, { streamId });
  const { heads: kept } = await log.heads();
  for (const streamId of streams.slice(20)) await appendEvents(log, { streamId });
  const restored = await restoredLog(log, ({ version }) => version === 1);
  return { sql, log, restored, kept, handled, project, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
};

describe("marks beyond what a restored log still has", () => {
  test("go back to the last event that both share, and the group handles what came after the restore once", async () => {
    await using t = await open();
    {
      await using before = t.project(t.log);
      await before.start();
      await before.catchUp();
    }
    await using after = t.project(t.restored);
    await after.start();
    const stopped = () => after.status().shards.filter(({ state }) => state === "stopped");
    await until(() => stopped().length > 0);
    const since = t.handled.length;
    const fresh = await Promise.all(streams.map((streamId) => appendEvents(t.restored, { streamId })));

    const epochs = [epochOf(t.log, nothing), epochOf(t.restored, t.kept)];
    const diverged = await divergedMarks({ sql: t.sql, schema, log: t.restored, epochs });
    expect(new Set(diverged.map(({ shard, to }) => to?.position === t.kept[shard]))).toEqual(new Set([true]));
    expect(await recoverMarks({ sql: t.sql, schema }, diverged)).toEqual(diverged);

    await after.catchUp();
    expect(stopped()).toEqual([]);
    expect(t.handled.slice(since).toSorted()).toEqual(fresh.flat().toSorted());
  });

  test("stay where they are while nobody has told the log that it was restored", async () => {
    await using t = await open();
    {
      await using before = t.project(t.log);
      await before.start();
      await before.catchUp();
    }
    const diverged = await divergedMarks({ sql: t.sql, schema, log: t.restored, epochs: [epochOf(t.log, nothing)] });
    expect(diverged.length).toBeGreaterThan(0);
    expect(new Set(diverged.map(({ to }) => to))).toEqual(new Set([null]));
    expect(await recoverMarks({ sql: t.sql, schema }, diverged)).toEqual([]);
  });

  test("leave no lost event in the queue of a parked stream", async () => {
    await using t = await open();
    {
      await using before = t.project(t.log, async ({ version }) => {
        if (version === 2) throw new Error("poison");
      });
      await before.start();
      await before.catchUp();
    }
    const parked = () => t.sql<{ stream_id: string }[]>`select stream_id from projector.parked_stream`;
    expect(await parked()).toHaveLength(20);
    const epochs = [epochOf(t.log, nothing), epochOf(t.restored, t.kept)];
    await recoverMarks({ sql: t.sql, schema }, await divergedMarks({ sql: t.sql, schema, log: t.restored, epochs }));
    expect(await parked()).toEqual([]);
  });
});
