import type { EventLog, LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedKafka } from "@cartwright/testkit/shared-kafka";
import { until } from "@cartwright/testkit/until";
import { beforeAll, describe, expect, test } from "vitest";
import { logSource } from "../log-source.ts";
import { countingGroup, noFaults } from "../testing/counting-group.ts";
import { appendEvents } from "../testing/events.ts";
import { readTopic } from "../testing/read-topic.ts";
import { allEventsOf, restoredLog } from "../testing/restored-log.ts";
import { type EventMessage, encodeMessage } from "./event-message.ts";
import { ensureTopic, partitionOf, shardsIn, topicOf } from "./event-topic.ts";
import { kafkaClient } from "./kafka-client.ts";
import { type KafkaSourceLimits, kafkaSource } from "./kafka-source.ts";
import { relay } from "./relay.ts";
import { seekToMarks } from "./seek-to-marks.ts";
import { withAdmin } from "./with-admin.ts";

const partitions = 4;

const open = async (log: EventLog = inMemoryEventLog({ name: "cart" })) => {
  const { bootstrapServers } = await sharedKafka();
  const kafka = kafkaClient({ brokers: bootstrapServers, clientId: "source-tests" });
  const group = countingGroup(log);
  const topic = topicOf(log);
  const source = (limits: Partial<KafkaSourceLimits> = {}, from: LogReader = log) =>
    kafkaSource({
      kafka,
      log: from,
      groupPrefix: "tests",
      limits: { heartbeatMs: 100, maxWaitMs: 20, sessionMs: 6_000, lookMs: 100, ...limits },
      metrics: group.metrics,
    });
  return {
    log,
    kafka,
    topic,
    group,
    source,
    append: async (rounds: number) => {
      for (let turn = 0; turn < rounds; turn++) await appendEvents(log, { streamId: `cart-${turn % 30}` });
    },
    publish: () => relay({ log, kafka, progress: group.progress, topic: { partitions } }),
    /** Puts messages on the topic as they are, without a relay. */
    send: async (messages: readonly { partition: number; message: Partial<EventMessage> & { value: Buffer } }[]) => {
      await withAdmin(kafka, (admin) => ensureTopic(admin, topic, { partitions }));
      const producer = kafka.producer();
      await producer.connect();
      for (const { partition, message } of messages) await producer.send({ topic, messages: [{ ...message, partition }] });
      await producer.disconnect();
    },
    messageOf: (event: RecordedEvent) => ({ partition: partitionOf(event.shard, partitions), message: encodeMessage(event, log.epoch) }),
  };
};

describe.skipIf(lacks("kafka"))("a group that reads a topic", () => {
  beforeAll(async () => void (await sharedKafka()), 120_000);
  const promise = (name: string, run: () => Promise<void>) => test(name, run, 60_000);

  promise("gets everything from Kafka, in order, and needs the log for nothing", async () => {
    const { group, append, publish, source } = await open();
    await append(300);
    await using publishing = publish();
    await publishing.start();
    await using counting = group.consume(source());
    await counting.start();
    await counting.catchUp();
    await append(300);
    await counting.catchUp();
    expect(await group.faults()).toEqual(noFaults);
    expect(group.count("consumer_gaps_total") + group.count("consumer_healed_total")).toBe(0);
    expect(group.count("kafka_source_messages_total")).toBeGreaterThanOrEqual(600);
  });

  promise("moves from the log to Kafka and back without a replay, and a log that grew without Kafka is served through it", async () => {
    const { log, group, append, publish, source } = await open();
    await append(200);
    {
      await using embedded = group.consume(logSource({ log }));
      await embedded.start();
      await embedded.catchUp();
    }
    await append(100);
    await using publishing = publish();
    await publishing.start();
    {
      await using distributed = group.consume(source());
      await distributed.start();
      await distributed.catchUp();
      await append(100);
      await distributed.catchUp();
    }
    await append(100);
    await using embeddedAgain = group.consume(logSource({ log }));
    await embeddedAgain.start();
    await embeddedAgain.catchUp();
    expect(await group.faults()).toEqual(noFaults);
    expect(group.handled).toHaveLength(500);
    expect(group.count("consumer_healed_total")).toBe(0);
  });

  promise("that comes from elsewhere begins near the time of its marks, and not with what it has settled", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const { log, append, publish, topic, kafka } = await open(inMemoryEventLog({ name: "cart", now: () => new Date(now) }));
    await append(400);
    const settled = await allEventsOf(log);
    now += 60_000;
    await append(40);
    const { heads } = await log.heads();
    await append(40);
    await using publishing = publish();
    await publishing.start();
    await publishing.catchUp();
    for (let partition = 0; partition < partitions; partition++) {
      const shards = shardsIn([partition], { shards: log.shards, partitions });
      const at = (position: (shard: number) => bigint) =>
        seekToMarks(
          shards.map((shard) => ({ shard, after: position(shard) })),
          partition,
          { kafka, log, topic, groupId: "comes-from-elsewhere" },
        );
      const settledOf = (shard: number) => settled.filter((event) => event.shard === shard).length;
      const hasNews = shards.every((shard) => Number(heads[shard]) > settledOf(shard));
      const found = Number(await at((shard) => heads[shard] ?? 0n));
      if (hasNews) expect(found).toBeGreaterThan(0);
      expect(found).toBeLessThanOrEqual(shards.reduce((sum, shard) => sum + settledOf(shard), 0));
      expect(await at(() => 0n)).toBeNull();
    }
  });

  promise("may see the number of partitions grow while events flow", async () => {
    const { group, append, publish, source, kafka, topic } = await open();
    await using publishing = publish();
    await publishing.start();
    await append(100);
    {
      await using counting = group.consume(source());
      await counting.start();
      await counting.catchUp();
      await withAdmin(kafka, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 7 }] }));
      await append(100);
      await counting.catchUp();
    }
    await publishing.stop();
    await using publishingAgain = publish();
    await publishingAgain.start();
    await using counting = group.consume(source());
    await counting.start();
    await append(100);
    await publishingAgain.catchUp();
    await counting.catchUp();
    expect(await group.faults()).toEqual(noFaults);
    expect((await readTopic(kafka, topic)).size).toBe(7);
  });

  promise("handles once and in order what is delivered twice and out of order", async () => {
    const { log, group, append, send, messageOf, source } = await open();
    await append(120);
    const events = await allEventsOf(log);
    await send([...events.toReversed(), ...events, ...events.filter((_, index) => index % 3 === 0)].map(messageOf));
    await using counting = group.consume(source());
    await counting.start();
    await counting.catchUp();
    expect(await group.faults()).toEqual(noFaults);
  });

  promise("finds a lost tail by the owner's heads, and counts it", async () => {
    const { log, group, append, send, messageOf, source } = await open();
    await append(60);
    const last = new Map((await allEventsOf(log)).map((event) => [event.shard, event.eventId]));
    const lost = new Set(last.values());
    await send((await allEventsOf(log)).filter(({ eventId }) => !lost.has(eventId)).map(messageOf));
    await using counting = group.consume(source(), { limits: { headsMs: 100 } });
    await counting.start();
    await counting.catchUp();
    expect(await group.faults()).toEqual(noFaults);
    expect(group.count("consumer_gaps_total")).toBeGreaterThan(0);
    expect(group.count("consumer_healed_total")).toBeGreaterThanOrEqual(lost.size);
  });

  promise("takes a message that is no event for a lost one, and goes on", async () => {
    const { log, group, append, send, messageOf, source } = await open();
    await append(90);
    const broken = ["{", "null", "", `"${"x".repeat(1_000_000)}"`];
    const messages = (await allEventsOf(log)).map((event, index) => {
      const { partition, message } = messageOf(event);
      return index % 10 === 3
        ? { partition, message: { ...message, value: Buffer.from(broken[index % 4] ?? "") } }
        : { partition, message };
    });
    const foreign = { partition: 0, message: { value: Buffer.from("from somebody else"), headers: { position: "many" } } };
    await send([foreign, ...messages, foreign]);
    await append(1);
    await using counting = group.consume(source(), { limits: { headsMs: 100 } });
    await counting.start();
    await counting.catchUp();
    expect(await group.faults()).toEqual(noFaults);
    expect(group.count("consumer_healed_total")).toBeGreaterThan(0);
  });

  promise("parks the stream of an event that can't be read or handled, however large, and its neighbours flow", async () => {
    const { log, group, append, publish, source } = await open();
    const poison = { unknown: "FromTheFuture", version: "Counted", throws: "Counted" };
    for (const [streamId, type] of Object.entries(poison)) await appendEvents(log, { streamId, type });
    const text = "x".repeat(250_000);
    await log.append({
      commands: [{ key: "large", fingerprint: "a test", eventCount: 1 }],
      streams: [
        {
          streamId: "large",
          expect: "any",
          events: [{ eventId: crypto.randomUUID(), type: "Counted", schemaVersion: 1, data: { text }, metadata: {} }],
        },
      ],
    });
    await append(60);
    await using publishing = publish();
    await publishing.start();
    await using counting = group.consume(source(), {
      decode(event) {
        if (event.type === "FromTheFuture") throw new Error("of a type that is not known");
        if (event.streamId === "version") throw new Error("of a version that is not known");
        return event;
      },
      before({ streamId }) {
        if (streamId === "throws" || streamId === "large") throw new Error("can't be handled");
      },
    });
    await counting.start();
    await counting.catchUp();
    const parked = await group.progress.parking.list({ group: "counting" });
    expect(parked.map(({ streamId }) => streamId).toSorted()).toEqual(["large", "throws", "unknown", "version"]);
    expect((await group.faults()).missing).toBe(4);
  });

  promise("pauses while its handlers are slow, keeps little in memory, and loses nothing by it", async () => {
    const { group, append, publish, source } = await open();
    await append(2_000);
    await using publishing = publish();
    await publishing.start();
    await publishing.catchUp();
    await using counting = group.consume(source({ bufferBytes: 5_000 }), {
      limits: { batch: 100 },
      before: () => new Promise((resolve) => setTimeout(resolve, 1)),
    });
    await counting.start();
    await counting.catchUp();
    expect(await group.faults()).toEqual(noFaults);
  });

  promise("lets a shard that stands still hold up none of those in its partition", async () => {
    const { log, group, append, publish, source } = await open();
    await append(600);
    const stuck = (await allEventsOf(log))[0]?.shard;
    const others = (await allEventsOf(log)).filter(({ shard }) => shard !== stuck).length;
    let isAway = true;
    await using publishing = publish();
    await publishing.start();
    await using counting = group.consume(source({ bufferBytes: 3_000, unreadMs: 100 }), {
      limits: { maxBackoffMs: 2_000, headsMs: 200 },
      before({ shard }) {
        if (isAway && shard === stuck) throw Object.assign(new Error("nobody answers"), { retryable: true });
      },
    });
    await counting.start();
    await until(() => group.handled.length === others, { timeoutMs: 30_000 });
    isAway = false;
    await counting.catchUp();
    expect(await group.faults()).toEqual(noFaults);
  });

  promise("follows a log to the fresh topic of its new epoch", async () => {
    const { log, kafka, group, append, publish, source } = await open();
    await append(60);
    await using publishing = publish();
    await publishing.start();
    let present: EventLog = log;
    const moving: LogReader = {
      name: log.name,
      shards: log.shards,
      get epoch() {
        return present.epoch;
      },
      heads: () => present.heads(),
      read: (cursors, limit) => present.read(cursors, limit),
      onWake: () => () => {},
    };
    await using counting = group.consume(source({}, moving), { log: moving, limits: { headsMs: 100 } });
    await counting.start();
    await counting.catchUp();
    await publishing.stop();

    present = await restoredLog(log, () => true);
    await using publishingAgain = relay({ log: present, kafka, progress: group.progress, topic: { partitions } });
    expect(publishingAgain.topic).not.toBe(publishing.topic);
    await publishingAgain.start();
    await publishingAgain.catchUp();
    await appendEvents(present, { streamId: "cart-1" });
    await counting.catchUp();
    expect(group.handled).toHaveLength(61);
    // From the fresh topic by now: what comes next needs no healing.
    await until(async () => {
      await appendEvents(present, { streamId: "cart-2" });
      const healedBefore = group.count("consumer_healed_total");
      await counting.catchUp();
      return group.count("consumer_healed_total") === healedBefore;
    });
  });

  promise("is shared by its processes, from one to three and back to one, and handles nothing twice", async () => {
    const { group, append, publish, source } = await open();
    await using publishing = publish();
    await publishing.start();
    await using one = group.consume(source());
    await one.start();
    await until(() => one.status().shards.length === 16);
    {
      await using two = group.consume(source());
      await using three = group.consume(source());
      await Promise.all([two.start(), three.start()]);
      await append(100);
      await until(() => [one, two, three].every((each) => [4, 8].includes(each.status().shards.length)));
      await append(100);
      await one.catchUp();
    }
    await until(() => one.status().shards.length === 16);
    await append(100);
    await one.catchUp();
    expect((await group.faults()).missing).toBe(0);
    expect(group.handled.length - new Set(group.handled.map(({ eventId }) => eventId)).size).toBe(0);
  });
});
