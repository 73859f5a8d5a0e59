import { maxEventBytes } from "@cartwright/event-log/check-unit";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { consumer } from "../consumer.ts";
import { inMemoryProgress } from "../in-memory-progress.ts";
import { logSource } from "../log-source.ts";
import { appendEvents } from "../testing/events.ts";
import { type EventMessage, encodeMessage } from "./event-message.ts";
import { partitionOf } from "./event-topic.ts";
import { KafkaUnavailable } from "./kafka-unavailable.ts";
import type { TopicProducer } from "./topic-producer.ts";
import { type NoTools, topicSink } from "./topic-sink.ts";

const partitions = 4;

/** What the relay is made of, with brokers of the test's own. */
const open = async (send: TopicProducer["send"], maxMessageBytes?: number) => {
  const log = inMemoryEventLog({ name: "cart" });
  for (let index = 0; index < 100; index++) await appendEvents(log, { streamId: `cart-${index}` });
  const progress = inMemoryProgress();
  const tooLarge: string[] = [];
  const producer = { partitions: async () => partitions, send, look: async () => {}, end() {}, close: async () => {} };
  const publishing = consumer<RecordedEvent, NoTools, EventMessage>({
    group: "relay",
    log,
    source: logSource({ log }),
    sink: topicSink({ progress, producer, onTooLarge: ({ key }) => tooLarge.push(key), ...(maxMessageBytes && { maxMessageBytes }) }),
    handlers: { "*": (event, { epoch }) => encodeMessage(event, epoch) },
    limits: { maxBackoffMs: 20, headsMs: 10 },
  });
  const marks = async () => progress.marks({ group: "relay", log: "cart" });
  return { log, publishing, marks, tooLarge, progress };
};

const isSubset = (some: readonly number[], all: readonly number[]) => some.every((each) => all.includes(each));
const shardOf = ({ headers }: EventMessage) => Number(headers.shard);

describe("publishing", () => {
  test("writes each partition by itself, and in one send nothing of another", async () => {
    const sent: { partition: number; messages: readonly EventMessage[] }[] = [];
    const { publishing } = await open(async (partition, messages) => void sent.push({ partition, messages }));
    await using _ = publishing;
    await publishing.start();
    await publishing.catchUp();
    expect(sent.flatMap(({ messages }) => messages)).toHaveLength(100);
    for (const { partition, messages } of sent)
      expect(messages.every((message) => partitionOf(shardOf(message), partitions) === partition)).toBe(true);
  });

  test("moves the marks of what was acknowledged, and of nothing else", async () => {
    let isAway = true;
    const { publishing, marks, log, progress } = await open(async (partition) => {
      if (isAway && partition === 2) throw new KafkaUnavailable("the leader is gone");
    });
    await using _ = publishing;
    await publishing.start();
    const { heads } = await log.heads();
    const reached = async () => [...(await marks())].filter(([shard, { position }]) => position === heads[shard]).map(([shard]) => shard);
    const others = heads.flatMap((head, shard) => (head > 0n && shard % partitions !== 2 ? [shard] : []));
    await until(async () => isSubset(others, await reached()));
    for (const [shard, { position }] of await marks()) if (shard % partitions === 2) expect(position).toBe(0n);
    isAway = false;
    await publishing.catchUp();
    expect(await progress.parking.list()).toEqual([]);
  });

  test("writes the events of a shard in their order, mixed with those of its partition by time", async () => {
    const sent: EventMessage[] = [];
    const { publishing } = await open(async (_, messages) => void sent.push(...messages));
    await using _ = publishing;
    await publishing.start();
    await publishing.catchUp();
    for (const [, messages] of Map.groupBy(sent, shardOf)) {
      const positions = messages.map(({ headers }) => Number(headers.position));
      expect(positions).toEqual(positions.map((_position, index) => index + 1));
    }
  });

  test("leaves out nothing that a log takes", async () => {
    const sent: EventMessage[] = [];
    const { publishing, log, tooLarge } = await open(async (_, messages) => void sent.push(...messages));
    const streamId = "\u5e45".repeat(512);
    const metadata = {
      correlationId: "c".repeat(128),
      causationId: "c".repeat(256),
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    };
    const around = JSON.stringify({ text: "" }).length + JSON.stringify(metadata).length;
    const data = { text: "x".repeat(maxEventBytes - around) };
    await log.append({
      commands: [{ key: "large", fingerprint: "a test", eventCount: 1 }],
      streams: [
        { streamId, expect: "any", events: [{ eventId: crypto.randomUUID(), type: "T".repeat(512), schemaVersion: 1, data, metadata }] },
      ],
    });
    await using _ = publishing;
    await publishing.start();
    await publishing.catchUp();
    expect(tooLarge).toEqual([]);
    expect(sent.find(({ key }) => key === streamId)?.value.length).toBeGreaterThan(maxEventBytes);
  });

  test("leaves out what no broker takes, and goes on behind it", async () => {
    const sent: EventMessage[] = [];
    const { publishing, log, tooLarge } = await open(async (_, messages) => void sent.push(...messages), 1_500);
    const data = { text: "x".repeat(2_000) };
    await appendEvents(log, { streamId: "cart-1", data });
    await appendEvents(log, { streamId: "cart-1" });
    await using _ = publishing;
    await publishing.start();
    await publishing.catchUp();
    expect(sent).toHaveLength(101);
    expect(tooLarge).toEqual(["cart-1"]);
  });
});
