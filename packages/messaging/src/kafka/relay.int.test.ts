import { maxEventBytes } from "@cartwright/event-log/check-unit";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedKafka } from "@cartwright/testkit/shared-kafka";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { beforeAll, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../clock.ts";
import { type ShardLeases, shardLeases } from "../leases.ts";
import { postgresProgress } from "../postgres/postgres-progress.ts";
import { appendEvents } from "../testing/events.ts";
import { heldClock } from "../testing/held-clock.ts";
import { readTopic } from "../testing/read-topic.ts";
import { allEventsOf } from "../testing/restored-log.ts";
import { serviceDatabase } from "../testing/service-database.ts";
import { kafkaClient } from "./kafka-client.ts";
import { relay } from "./relay.ts";

const schema = "cart";
const ttlMs = 2_000;

/** A log, and processes of its service which publish it. */
const open = async () => {
  const [database, { bootstrapServers }] = await Promise.all([serviceDatabase(schema, testDatabase), sharedKafka()]);
  const { sql } = database;
  const kafka = kafkaClient({ brokers: bootstrapServers, clientId: "relay-tests" });
  const log = inMemoryEventLog({ name: "cart" });
  const process = ({ clock, leases = (own) => own }: { clock?: Clock; leases?: (own: ShardLeases) => ShardLeases } = {}) =>
    relay({
      log,
      kafka,
      progress: postgresProgress({ sql, schema }),
      leases: leases(shardLeases({ sql, schema, ttlMs, ...(clock && { clock }) })),
    });
  return {
    process,
    append: async (count: number) => {
      for (let turn = 0; turn < count; turn++) await appendEvents(log, { streamId: `cart-${turn % 30}` });
    },
    /** An event of so many bytes. */
    async appendOf(bytes: number) {
      const data = { text: "x".repeat(bytes - JSON.stringify({ text: "" }).length - JSON.stringify({}).length) };
      await appendEvents(log, { streamId: "cart-1", data });
    },
    /** Event ids by shard: what is in the log, and what is on the topic. */
    async compare(topic: string) {
      const idsOf = (events: readonly { shard: number; eventId: string }[]) =>
        Array.from({ length: log.shards }, (_, shard) => events.flatMap((event) => (event.shard === shard ? [event.eventId] : [])));
      const told = idsOf([...(await readTopic(kafka, topic)).values()].flat());
      return { inLog: idsOf(await allEventsOf(log)), told, toldFirst: told.map((ids) => [...new Set(ids)]) };
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};

const holds = (one: ReturnType<typeof relay>) => one.status().shards.length > 0;

describe.skipIf(lacks("kafka"))("relays of one log", () => {
  beforeAll(async () => void (await sharedKafka()), 120_000);
  const promise = (name: string, run: () => Promise<void>) => test(name, run, 60_000);

  promise("tell each event once, since one of them has the whole log, and another one when that one has died", async () => {
    await using t = await open();
    // Whoever is killed renews nothing and gives nothing back.
    let isAlive = true;
    const clock: Clock = { now: systemClock.now, after: (ms, callback) => systemClock.after(ms, () => isAlive && callback()) };
    const killable = t.process({
      clock,
      leases: (own) => ({ hold: async (of) => ({ ...(await own.hold(of)), release: async () => {} }) }),
    });
    await using waiting = t.process();
    await killable.start();
    await waiting.start();
    await t.append(200);
    await waiting.catchUp();
    expect([holds(killable), holds(waiting)]).toEqual([true, false]);

    isAlive = false;
    await killable.stop();
    await t.append(100);
    await until(() => holds(waiting));
    await waiting.catchUp();
    const { inLog, told } = await t.compare(waiting.topic);
    expect(told).toEqual(inLog);
  });

  promise("tell of the largest event that a log takes as of any other", async () => {
    await using t = await open();
    await using only = t.process();
    await only.start();
    await t.append(10);
    await t.appendOf(maxEventBytes);
    await t.append(10);
    await only.catchUp();
    const { inLog, told } = await t.compare(only.topic);
    expect(told).toEqual(inLog);
  });

  promise("tell each event in its order, also when one of them wakes up and believes that it still has the log", async () => {
    await using t = await open();
    // Its time stands still: it does not renew its lease, and does not find out that it has lost it.
    const clock = heldClock();
    await using zombie = t.process({ clock });
    await using successor = t.process();
    await zombie.start();
    await successor.start();
    await t.append(100);
    await until(() => holds(successor));
    expect(holds(zombie)).toBe(true);
    await t.append(200);
    await successor.catchUp();
    clock.advance(ttlMs / 4);
    await until(() => !holds(zombie));
    await t.append(100);
    await successor.catchUp();
    const { inLog, toldFirst } = await t.compare(successor.topic);
    expect(toldFirst).toEqual(inLog);
  });
});
