import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { startKafka } from "@cartwright/testkit/kafka";
import { lacks } from "@cartwright/testkit/lacks";
import { until } from "@cartwright/testkit/until";
import type { Kafka } from "kafkajs";
import { expect, test } from "vitest";
import { appendSink } from "../append-sink.ts";
import { consumer } from "../consumer.ts";
import { inMemoryProgress } from "../in-memory-progress.ts";
import { appendEvents } from "../testing/events.ts";
import { readTopic } from "../testing/read-topic.ts";
import { recordingMetrics } from "../testing/recording-metrics.ts";
import { allEventsOf } from "../testing/restored-log.ts";
import { kafkaClient } from "./kafka-client.ts";
import { kafkaSource } from "./kafka-source.ts";
import { relay } from "./relay.ts";
import { withAdmin } from "./with-admin.ts";

const kills = 5;

/** Appends without end, as fast as a few callers do, until it is told to stop. */
const load = (log: ReturnType<typeof inMemoryEventLog>) => {
  let isOver = false;
  const caller = async (number: number) => {
    for (let turn = 0; !isOver; turn++) {
      await appendEvents(log, { streamId: `cart-${number}-${turn % 20}` });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const callers = Promise.all(Array.from({ length: 4 }, (_, number) => caller(number)));
  return async () => {
    isOver = true;
    await callers;
  };
};

const partitionsOf = (kafka: Kafka, topic: string) =>
  withAdmin(kafka, async (admin) => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions ?? []);

test.skipIf(lacks("own kafka"))(
  "a leader that is killed in the middle of writing, five times in a row, loses no message of the topic and disorders no stream",
  async () => {
    await using cluster = await startKafka({ brokers: 3 });
    const kafka = kafkaClient({ brokers: cluster.bootstrapServers, clientId: "relay-faults" });
    const log = inMemoryEventLog({ name: "cart" });
    const progress = inMemoryProgress();
    const { metrics, count } = recordingMetrics();
    const seen: string[] = [];

    await using publishing = relay({ log, kafka, progress, topic: { partitions: 6, replicationFactor: 3 }, limits: { maxBackoffMs: 500 } });
    await using counting = consumer({
      group: "counting",
      log,
      source: kafkaSource({ kafka, log, groupPrefix: "relay.faults" }),
      sink: appendSink({ progress }),
      handlers: { Counted: ({ eventId }) => void seen.push(eventId) },
      metrics,
    });
    await publishing.start();
    await counting.start();
    const stopLoad = load(log);
    try {
      for (let kill = 0; kill < kills; kill++) {
        const all = await until(
          async () =>
            [await partitionsOf(kafka, publishing.topic)].find((found) => found.length === 6 && found.every(({ isr }) => isr.length === 3)),
          { timeoutMs: 60_000, what: "three copies of each partition" },
        );
        const leader = cluster.brokers.find(({ id }) => id === all[kill]?.leader);
        await leader?.kill();
        await Promise.all([publishing.catchUp(AbortSignal.timeout(60_000)), leader?.start()]);
      }
    } finally {
      await stopLoad();
    }
    await publishing.catchUp(AbortSignal.timeout(30_000));
    await counting.catchUp(AbortSignal.timeout(30_000));

    const onTopic = [...(await readTopic(kafka, publishing.topic)).values()].flat();
    const events = await allEventsOf(log);
    expect(events.length).toBeGreaterThan(1_000);
    for (let shard = 0; shard < log.shards; shard++) {
      // Each for the first time: what was sent twice is there twice.
      const first = new Map(onTopic.filter((event) => event.shard === shard).map(({ eventId, position }) => [eventId, position]));
      const expected = events.filter((event) => event.shard === shard).map(({ eventId, position }) => [eventId, position]);
      expect([...first], `shard ${shard}`).toEqual(expected);
    }
    expect(seen.length).toBe(events.length);
    expect(new Set(seen).size).toBe(events.length);
    expect(count("consumer_parked_total")).toBe(0);
  },
  180_000,
);
