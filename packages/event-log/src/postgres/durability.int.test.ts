import { testDatabase } from "@cartwright/testkit/test-database";
import { troubledWay } from "@cartwright/testkit/troubled-way";
import { until } from "@cartwright/testkit/until";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { aStream, aUnit } from "../conformance.ts";
import type { RecordedEvent } from "../event-log.ts";
import { tail } from "../tailer.ts";
import { migrate } from "./migrate.ts";
import { openPostgresEventLog } from "./open-event-log.ts";

const openOn = (db: { options: postgres.Options<Record<string, never>> }) =>
  openPostgresEventLog({ connection: db.options, schema: "cart" });

describe("the log on PostgreSQL", () => {
  test("a transaction held open makes no reader skip and no append wait", async () => {
    await using db = await testDatabase();
    await using log = await openOn(db);
    const reader = postgres({ ...db.options, max: 1 });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const snapshot = reader.begin("isolation level repeatable read", async (tx) => {
      await tx`select count(*) from cart.event`;
      await tx`create table cart.held_open (id int)`;
      await held;
    });
    const tailer = await tail({ log });
    const seen: RecordedEvent[] = [];
    tailer.onEvents((events) => seen.push(...events));
    for (let turn = 0; turn < 50; turn++) await log.append(aUnit({ streamId: aStream() }));
    await tailer.catchUp();
    expect(seen).toHaveLength(50);
    release();
    await snapshot;
    await tailer.stop();
    await reader.end();
  });

  test("an append that is slow to commit is never skipped: later ones wait for it and readers see it first", async () => {
    await using db = await testDatabase();
    await using log = await openOn(db);
    const streamId = aStream();
    // Marten's trick: a trigger that holds one insert back until we let it go.
    await db.sql.unsafe(`
      create function cart.hold_back() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
      create trigger hold_back before insert on cart.event for each row when (new.type = 'Held') execute function cart.hold_back();`);
    const blocker = postgres({ ...db.options, max: 1 });
    await blocker`select pg_advisory_lock(4711)`;
    await using other = await openOn(db);
    const slowUnit = aUnit({ streamId });
    const [stream] = slowUnit.streams;
    const slow = log.append({ ...slowUnit, streams: [{ ...stream, events: stream.events.map((event) => ({ ...event, type: "Held" })) }] });
    await waitUntilBlocked(db.sql);
    const fast = other.append(aUnit({ streamId }));
    const { heads } = await other.heads();
    expect(heads.every((head) => head === 0n)).toBe(true);
    await blocker`select pg_advisory_unlock(4711)`;
    const results = await Promise.all([slow, fast]);
    expect(results).toMatchObject([{ streams: [{ position: 1n }] }, { streams: [{ position: 2n }] }]);
    await blocker.end();
  });

  test("events are never changed or deleted, not even by the owner of the tables", async () => {
    await using db = await testDatabase();
    await using log = await openOn(db);
    await log.append(aUnit({ streamId: aStream() }));
    for (const change of ["update cart.event set type = 'Other'", "delete from cart.event", "truncate cart.event"]) {
      await expect(db.sql.unsafe(change)).rejects.toThrow(/never changed/);
    }
    expect(await db.sql`select type from cart.event`).toMatchObject([{ type: "Counted" }]);
  });

  test("the service's role can read and append events, and no more", async () => {
    await using db = await testDatabase();
    await using log = await openOn(db);
    await log.append(aUnit({ streamId: aStream() }));
    const service = postgres({ ...db.options, max: 1, connection: { role: "cart_service" } });
    expect(await service`select count(*)::int as count from cart.event`).toMatchObject([{ count: 1 }]);
    for (const change of [
      "update cart.event set type = 'Other'",
      "delete from cart.event",
      "alter table cart.event disable trigger all",
      "create table cart.mine (id int)",
    ]) {
      await expect(service.unsafe(change)).rejects.toMatchObject({ code: "42501" });
    }
    await service.end();
  });

  test("a restored copy has another epoch, and the same one at every other start", async () => {
    await using db = await testDatabase();
    const first = await openOn(db);
    await first.append(aUnit({ streamId: aStream() }));
    await first.close();
    await using again = await openOn(db);
    expect(again.epoch).toBe(first.epoch);
    await again.close();

    const name = `${db.options.database}_restored`;
    const restored = { ...db.options, database: name };
    await db.sql.end();
    const admin = postgres({ ...db.options, database: "postgres", max: 1, onnotice: () => {} });
    await admin`create database ${admin(name)} template ${admin(String(db.options.database))}`;
    const copy = await openPostgresEventLog({ connection: restored, schema: "cart" });
    expect(copy.epoch).not.toBe(first.epoch);
    expect((await copy.heads()).epoch).toBe(copy.epoch);
    expect((await copy.heads()).heads.reduce((sum, head) => sum + head, 0n)).toBe(1n);
    await copy.close();
    await admin`drop database ${admin(name)} with (force)`;
    await admin.end();
  });

  test("a process configured for another number of shards refuses to start", async () => {
    await using db = await testDatabase();
    await (await openOn(db)).close();
    await expect(openPostgresEventLog({ connection: db.options, schema: "cart", shards: 8 })).rejects.toMatchObject({
      name: "ShardCountMismatch",
    });
  });

  test("receipts are forgotten once they are older than asked, and not before", async () => {
    await using db = await testDatabase();
    await using log = await openOn(db);
    const old = aUnit({ streamId: aStream(), key: "old" });
    await log.append(old);
    const between = new Date();
    const fresh = aUnit({ streamId: aStream(), key: "fresh" });
    await log.append(fresh);
    expect(await log.pruneReceipts(between)).toBe(1);
    expect((await log.append(fresh)).outcome).toBe("duplicate");
    expect((await log.append(old)).outcome).toBe("appended");
  });

  test("many processes that start at once on an empty database make one log", async () => {
    await using db = await testDatabase();
    const logs = await Promise.all(Array.from({ length: 6 }, () => openOn(db)));
    expect(new Set(logs.map((log) => log.epoch)).size).toBe(1);
    await Promise.all(logs.map((log) => log.close()));
  });

  test("a migration that was changed after it ran is refused", async () => {
    await using db = await testDatabase();
    const migration = (sql: string) => ({ schema: "cart", component: "test", migrations: [{ number: 1, name: "one", sql: () => sql }] });
    await migrate(db.sql, migration("create table cart.one (id int)"));
    await migrate(db.sql, migration("create table cart.one (id int)"));
    await expect(migrate(db.sql, migration("create table cart.other (id int)"))).rejects.toMatchObject({ name: "MigrationChanged" });
  });

  test("a process that stands still in the middle of a migration does not keep the others from starting for longer than ten seconds", async () => {
    await using db = await testDatabase();
    const limit = "create table cart.limit as select current_setting('idle_in_transaction_session_timeout') as idle";
    await migrate(db.sql, { schema: "cart", component: "test", migrations: [{ number: 1, name: "one", sql: () => limit }] });
    expect(await db.sql`select idle from cart.limit`).toEqual([{ idle: "10s" }] as never);
  });

  test("an append that is never answered is made again on another connection, and is there once", async () => {
    await using db = await testDatabase();
    await using way = await troubledWay(db.options, { when: /from cart\.append_batch/, what: "freeze" });
    await using log = await openOn({ options: { ...db.options, host: "127.0.0.1", port: way.port, answer_timeout: 0.5 } });
    expect(await log.append(aUnit({ streamId: aStream() }))).toMatchObject({ outcome: "appended", streams: [{ position: 1n }] });
    expect(way.hadTrouble()).toBe(true);
    expect(await db.sql`select count(*)::integer as events from cart.event`).toEqual([{ events: 1 }] as never);
  });

  test("an append that is never answered does not keep the log from being closed for longer than a stop may take", async () => {
    await using db = await testDatabase();
    await using way = await troubledWay(db.options, { when: /from cart\.append_batch/, what: "freeze" });
    const log = await openOn({ options: { ...db.options, host: "127.0.0.1", port: way.port } });
    const appended = log.append(aUnit({ streamId: aStream() })).catch((error) => error);
    await until(way.hadTrouble);
    const before = performance.now();
    await log.close();
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(await appended).toMatchObject({ name: "LogUnavailable" });
  }, 30_000);

  test("every acknowledged append is there exactly once when backends are killed in the middle of batches", async () => {
    await using db = await testDatabase();
    await using log = await openOn(db);
    const streams = Array.from({ length: 40 }, aStream);
    const acknowledged = new Map<string, number>();
    let writing = true;
    const assassin = (async () => {
      let killed = 0;
      while (writing && killed < 10) {
        const victims =
          await db.sql`select pg_terminate_backend(pid) from pg_stat_activity where query like '%append_batch%' and pid <> pg_backend_pid()`;
        killed += victims.length;
      }
      return killed;
    })();
    await Promise.all(
      streams.map(async (streamId) => {
        for (let turn = 0; turn < 25; turn++) {
          const result = await log.append(aUnit({ streamId }));
          expect(["appended", "duplicate"]).toContain(result.outcome);
          acknowledged.set(streamId, (acknowledged.get(streamId) ?? 0) + 1);
        }
      }),
    );
    writing = false;
    expect(await assassin).toBeGreaterThan(0);
    for (const streamId of streams) expect(await log.readStream(streamId)).toHaveLength(acknowledged.get(streamId) ?? 0);
    const { heads } = await log.heads();
    expect(heads.reduce((sum, head) => sum + head, 0n)).toBe(1000n);
  }, 60_000);
});

const waitUntilBlocked = async (sql: postgres.Sql) => {
  for (;;) {
    const [row] = await sql<{ waiting: boolean }[]>`select exists (select from pg_locks where not granted and objid = 4711) as waiting`;
    if (row?.waiting) return;
  }
};
