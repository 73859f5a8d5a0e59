import { heapStats } from "bun:jsc";
import type { Kafka, ProducerRecord, RecordMetadata } from "kafkajs";
import { describe, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { recorded } from "../testing/events.ts";
import { heldClock } from "../testing/held-clock.ts";
import { encodeMessage } from "./event-message.ts";
import { batchesOf, bytesOf, isAcknowledged, topicProducer } from "./topic-producer.ts";

describe("a partition's messages are acknowledged", () => {
  const sent = { topic: "cart.events", partition: 2 };
  const answer = { topicName: "cart.events", partition: 2, errorCode: 0, baseOffset: "17" };

  test("when the answer says so of that partition", () => {
    expect(isAcknowledged([answer], sent)).toBe(true);
    expect(isAcknowledged([{ ...answer, baseOffset: "0" }], sent)).toBe(true);
  });

  test.each([
    ["names no partition", []],
    ["names another one", [{ ...answer, partition: 1 }]],
    ["names another topic", [{ ...answer, topicName: "billing.events" }]],
    ["has an error", [{ ...answer, errorCode: 6 }]],
    ["has no offset", [{ ...answer, baseOffset: "-1" }]],
    ["has no offset at all", [{ topicName: "cart.events", partition: 2, errorCode: 0 }]],
    ["names two", [answer, { ...answer, partition: 3 }]],
  ])("and not when it %s", (_, answers) => {
    expect(isAcknowledged(answers, sent)).toBe(false);
  });
});

describe("messages for a partition", () => {
  const messages = Array.from({ length: 50 }, (_, n) => encodeMessage(recorded({ data: { text: "x".repeat(n * 100) } }), "epoch"));

  test("go in batches that a broker takes, all of them, in their order", () => {
    const batches = batchesOf(messages, 8_000);
    expect(batches.flat()).toEqual(messages);
    expect(batches.length).toBeGreaterThan(10);
    for (const batch of batches) expect(batch.reduce((sum, message) => sum + bytesOf(message), 0)).toBeLessThanOrEqual(8_000);
  });

  test("go alone where they are larger than a batch", () => {
    expect(batchesOf(messages.slice(-3), 1_000).map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(batchesOf([])).toEqual([]);
  });
});

/** As much of kafkajs as a producer needs; `answer` is what each of its producers answers to its sends. */
const fakeKafka = (answer: (producer: number, send: ProducerRecord) => RecordMetadata[]) => {
  const ended: number[] = [];
  let producers = 0;
  const admin = {
    connect: async () => {},
    disconnect: async () => {},
    listTopics: async () => ["cart.events"],
    fetchTopicMetadata: async () => ({ topics: [{ name: "cart.events", partitions: [{}, {}, {}] }] }),
  };
  const producer = () => {
    const number = ++producers;
    return {
      connect: async () => {},
      disconnect: async () => void ended.push(number),
      send: async (record: ProducerRecord) => answer(number, record),
    };
  };
  // Only what is called is there.
  const kafka = { admin: () => admin, producer } as unknown as Kafka;
  return { kafka, ended, producers: () => producers };
};

const turns = async (count = 100) => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe("a producer of one topic", () => {
  const message = encodeMessage(recorded(), "epoch");
  const acknowledged = ({ topic, messages }: ProducerRecord) => [
    { topicName: topic, partition: messages[0]?.partition ?? 0, errorCode: 0, baseOffset: "7" },
  ];
  const open = (kafka: Kafka, clock = systemClock) =>
    topicProducer({ kafka, topic: "cart.events", layout: {}, sendTimeoutMs: 1_000, clock });

  test("is made anew after an answer that lacks the partition, since kafkajs says sent for what is nowhere", async () => {
    const { kafka, ended, producers } = fakeKafka((producer, send) => (producer === 1 ? [] : acknowledged(send)));
    const producer = open(kafka);
    await expect(producer.send(2, [message])).rejects.toMatchObject({ name: "KafkaUnavailable", retryable: true });
    await producer.send(2, [message]);
    await producer.send(1, [message]);
    expect(producers()).toBe(2);
    expect(ended).toEqual([1]);
  });

  test("is made anew after an error, and one producer serves what goes well", async () => {
    const { kafka, producers } = fakeKafka((producer, send) => {
      if (producer === 1) throw new Error("out of order sequence");
      return acknowledged(send);
    });
    const producer = open(kafka);
    expect(await producer.partitions()).toBe(3);
    await expect(producer.send(0, [message])).rejects.toThrow("out of order sequence");
    for (let turn = 0; turn < 5; turn++) await producer.send(turn % 3, [message]);
    expect(producers()).toBe(2);
  });

  test("gives a send up that nobody answers", async () => {
    const clock = heldClock();
    const { kafka } = fakeKafka((_, send) => acknowledged(send));
    const silent = {
      ...kafka,
      producer: () => ({ connect: async () => {}, disconnect: async () => {}, send: () => new Promise(() => {}) }),
    };
    const failed = open(silent as unknown as Kafka, clock)
      .send(0, [message])
      .catch((error: unknown) => error);
    await turns();
    clock.advance(1_000);
    expect(await failed).toMatchObject({ message: "cart.events: a send to partition 0 took longer than 1000 ms", retryable: true });
  });

  test("keeps nothing of what was sent", async () => {
    const { kafka } = fakeKafka((_, send) => acknowledged(send));
    const clock = heldClock();
    const producer = open(kafka, clock);
    const send = async (times: number) => {
      for (let turn = 0; turn < times; turn++) await producer.send(turn % 3, [message]);
      Bun.gc(true);
      return heapStats().objectTypeCounts.Promise ?? 0;
    };
    const before = await send(100);
    expect((await send(2_000)) - before).toBeLessThan(500);
    expect(clock.waiting()).toBe(0);
  });

  test("that was waited for too long is not kept, but ended when it comes about at last", async () => {
    const { kafka, ended, producers } = fakeKafka((_, send) => acknowledged(send));
    const clock = heldClock();
    const gate = Promise.withResolvers<void>();
    const slow = {
      ...kafka,
      producer: () => ({ ...kafka.producer(), connect: () => (producers() === 1 ? gate.promise : Promise.resolve()) }),
    };
    const producer = open(slow as unknown as Kafka, clock);
    const failed = producer.send(0, [message]).catch((error: unknown) => error);
    await turns();
    clock.advance(1_000);
    expect(await failed).toMatchObject({ message: "cart.events: connecting took longer than 1000 ms" });
    await producer.send(0, [message]);
    expect(ended).toEqual([]);
    gate.resolve();
    await turns();
    expect([ended, producers()]).toEqual([[1], 2]);
  });

  test("is made anew once, however many partitions fail together", async () => {
    for (let apart = 0; apart < 12; apart++) {
      const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const { kafka, producers } = fakeKafka((_, send) => acknowledged(send));
      const failing = {
        ...kafka,
        producer() {
          const made = kafka.producer();
          if (producers() > 1) return made;
          const send = async ({ messages }: ProducerRecord) => {
            await gates[messages[0]?.partition ?? 0]?.promise;
            throw new Error("the leader is gone");
          };
          return { ...made, send };
        },
      };
      const producer = open(failing as unknown as Kafka);
      const untilSent = async (partition: number): Promise<void> => producer.send(partition, [message]).catch(() => untilSent(partition));
      const sending = [untilSent(0), untilSent(1)];
      await turns();
      gates[0]?.resolve();
      await turns(apart);
      gates[1]?.resolve();
      await Promise.all(sending);
      await turns();
      await producer.send(2, [message]);
      expect(producers()).toBe(2);
    }
  });

  test("leaves no timer behind when it is closed, and nobody waits for it after that", async () => {
    const { kafka, ended } = fakeKafka((_, send) => acknowledged(send));
    const clock = heldClock();
    const producer = open(kafka, clock);
    await producer.send(0, [message]);
    producer.end();
    await producer.close();
    expect([clock.waiting(), ended]).toEqual([0, [1]]);
    await expect(producer.send(0, [message])).rejects.toThrow("cart.events: the producer is closed");
    await turns();
    expect([clock.waiting(), ended]).toEqual([0, [1, 2]]);
  });

  test("whose process stops waits for a moment and no longer", async () => {
    const clock = heldClock();
    const { kafka } = fakeKafka((_, send) => acknowledged(send));
    const silent = { ...kafka, producer: () => ({ ...kafka.producer(), send: () => new Promise(() => {}) }) };
    const options = { kafka: silent as unknown as Kafka, topic: "cart.events", layout: {}, sendTimeoutMs: 60_000, clock };
    const producer = topicProducer(options);
    const failed = producer.send(0, [message]).catch((error: unknown) => error);
    await turns();
    producer.end();
    clock.advance(3_000);
    expect(await failed).toMatchObject({ message: "cart.events: the process stops", retryable: true });
    await expect(producer.send(0, [message])).rejects.toThrow("cart.events: the process stops");
  });
});
