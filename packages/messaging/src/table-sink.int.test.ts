import type { LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { consumer } from "./consumer.ts";
import { type Handlers, notYet } from "./handlers.ts";
import { logSource } from "./log-source.ts";
import { type TableTools, tableSink } from "./table-sink.ts";
import { appendEvents } from "./testing/events.ts";
import { restoredLog } from "./testing/restored-log.ts";
import { serviceDatabase } from "./testing/service-database.ts";
import { scheduleTimers } from "./timers.ts";

const schema = "projector";
const promise = (name: string, run: () => Promise<void>) => test(name, run, 30_000);

const open = async () => {
  const database = await serviceDatabase(schema, testDatabase);
  const { sql } = database;
  const log = inMemoryEventLog({ name: "cart" });
  const sink = tableSink({ sql, schema });
  const insert = async (tx: postgres.TransactionSql, events: readonly RecordedEvent[]) => {
    await tx`insert into ${tx(schema)}.effect ${tx(events.map(({ streamId, version }) => ({ stream_id: streamId, version })))}`;
  };
  return {
    sql,
    log,
    sink,
    insert,
    project: (handlers: Handlers<RecordedEvent, TableTools, void>, from: LogReader = log) =>
      consumer({ group: "views", log: from, source: logSource({ log: from }), sink, handlers, limits: { headsMs: 20, maxBackoffMs: 20 } }),
    streams: async () => (await sql<{ id: string }[]>`select distinct stream_id as id from ${sql(schema)}.effect`).map(({ id }) => id),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};

describe("effects on tables", () => {
  promise("of a batch of all shards are one transaction", async () => {
    await using t = await open();
    for (let index = 0; index < 200; index++) await appendEvents(t.log, { streamId: `cart-${index}`, count: 3 });
    const calls: number[] = [];
    await using projecting = t.project({
      Counted: {
        async batch(events, { tx }) {
          calls.push(events.length);
          await t.insert(
            tx,
            events.map(({ recorded }) => recorded),
          );
        },
      },
    });
    await projecting.start();
    await projecting.catchUp();
    expect(calls).toEqual([600]);
  });

  promise("find the poisoned event of a batch, and its neighbours lose nothing", async () => {
    await using t = await open();
    for (let index = 0; index < 300; index++) await appendEvents(t.log, { streamId: `cart-${index % 100}` });
    const [one] = await appendEvents(t.log, { streamId: "cart-33" });
    const [other] = await appendEvents(t.log, { streamId: "cart-66" });
    for (let index = 0; index < 300; index++) await appendEvents(t.log, { streamId: `cart-${index % 100}` });
    let calls = 0;
    await using projecting = t.project({
      Counted: {
        async batch(events, { tx }) {
          calls += 1;
          await t.insert(
            tx,
            events.map(({ recorded }) => recorded),
          );
          if (events.some(({ recorded }) => recorded.eventId === one || recorded.eventId === other)) throw new Error("can't be projected");
        },
      },
    });
    await projecting.start();
    await projecting.catchUp();
    const parked = await t.sink.progress.parking.list();
    expect(parked.map(({ streamId, waiting }) => [streamId, waiting]).sort()).toEqual([
      ["cart-33", 4],
      ["cart-66", 4],
    ]);
    const [row] = await t.sql<{ count: number }[]>`select count(*)::integer as count from ${t.sql(schema)}.effect`;
    expect(row?.count).toBe(602 - 8);
    expect(calls).toBeLessThan(80);
  });

  promise("are not believed to be there when a handler has swallowed an error of the transaction", async () => {
    await using t = await open();
    await appendEvents(t.log, { streamId: "careless" });
    await appendEvents(t.log, { streamId: "careful" });
    await using projecting = t.project({
      async Counted(event, { tx }) {
        await t.insert(tx, [event]);
        if (event.streamId === "careless") await tx`select 1 / 0`.catch(() => {});
      },
    });
    await projecting.start();
    await projecting.catchUp();
    expect(await t.streams()).toEqual(["careful"]);
    expect(await t.sink.progress.parking.list()).toMatchObject([{ streamId: "careless" }]);
  });

  promise("survive the end of their connection in the middle of the transaction", async () => {
    await using t = await open();
    for (let index = 0; index < 50; index++) await appendEvents(t.log, { streamId: `cart-${index}` });
    let kills = 3;
    await using projecting = t.project({
      async Counted(event, { tx }) {
        await t.insert(tx, [event]);
        if (event.position % 2n === 0n && kills-- > 0) await tx`select pg_terminate_backend(pg_backend_pid())`;
      },
    });
    await projecting.start();
    await projecting.catchUp();
    expect(await t.streams()).toHaveLength(50);
    expect(await t.sink.progress.parking.list()).toEqual([]);
    expect(kills).toBeLessThan(0);
  });

  promise("up to an event that has to wait are there, and it is not", async () => {
    await using t = await open();
    await appendEvents(t.log, { streamId: "cart-1", count: 5 });
    await using projecting = t.project({
      async Counted(event, { tx }) {
        if (event.version === 4) return notYet({ log: "billing", shard: 0, position: 1n });
        await t.insert(tx, [event]);
        return undefined;
      },
    });
    await projecting.start();
    const aborted = projecting.catchUp(AbortSignal.timeout(200));
    await expect(aborted).rejects.toMatchObject({ name: "TimeoutError" });
    const [row] = await t.sql<
      { versions: number[] }[]
    >`select array_agg(version order by version) as versions from ${t.sql(schema)}.effect`;
    expect(row?.versions).toEqual([1, 2, 3]);
    expect((await projecting.lag()).map(({ lag }) => lag).filter((lag) => lag > 0n)).toEqual([2n]);
  });

  promise("may be timers, which are there if and only if the mark is", async () => {
    await using t = await open();
    await appendEvents(t.log, { streamId: "cart-1" });
    let tries = 0;
    await using projecting = t.project({
      async Counted({ streamId }, { tx }) {
        await scheduleTimers(tx, schema, [{ id: `${streamId}:${tries}`, dueAt: new Date(), kind: "expiry", streamId, payload: {} }]);
        if (tries++ === 0) throw Object.assign(new Error("away"), { retryable: true });
      },
    });
    await projecting.start();
    await projecting.catchUp();
    expect([...(await t.sql`select id from ${t.sql(schema)}.timer`)]).toEqual([{ id: "cart-1:1" }]);
  });

  promise("go on in the new epoch of a log that was restored, and are not had again", async () => {
    await using t = await open();
    for (let index = 0; index < 20; index++) await appendEvents(t.log, { streamId: `cart-${index}` });
    const handlers: Handlers<RecordedEvent, TableTools, void> = { Counted: (event, { tx }) => t.insert(tx, [event]) };
    {
      await using before = t.project(handlers);
      await before.start();
      await before.catchUp();
    }
    const restored = await restoredLog(t.log, () => true);
    await appendEvents(restored, { streamId: "cart-20" });
    await using after = t.project(handlers, restored);
    await after.start();
    await after.catchUp();
    expect(await t.streams()).toHaveLength(21);
    expect(new Set(after.status().shards.map(({ mark }) => mark.epoch))).toEqual(new Set([restored.epoch]));
  });

  promise("of a process that froze in the middle of them are given up, and another one has them instead", async () => {
    await using t = await open();
    await appendEvents(t.log, { streamId: "cart-1", count: 3 });
    const [frozen, thaw] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await using freezing = t.project({
      Counted: async (_, { tx, recorded }) => {
        await t.insert(tx, [recorded]);
        frozen.resolve();
        await thaw.promise;
      },
    });
    await freezing.start();
    await frozen.promise;
    await using another = t.project({ Counted: (_, { tx, recorded }) => t.insert(tx, [recorded]) });
    await another.start();
    await another.catchUp();
    thaw.resolve();
    await freezing.catchUp();
    const rows = await t.sql<{ version: number }[]>`select version from projector.effect order by version`;
    expect(rows.map(({ version }) => version)).toEqual([1, 2, 3]);
  });
});
