import { kafkaClient } from "@cartwright/messaging/kafka/kafka-client";
import { withAdmin } from "@cartwright/messaging/kafka/with-admin";
import type { Kafka, KafkaMessage, Producer } from "kafkajs";

/**
 * Writes whatever is on the brokers' topics onto them again, so many times and in no order, each message into the partition
 * that it was in. @returns how many messages these were.
 */
export const redeliver = async (brokers: readonly string[], { times }: { times: number }): Promise<number> => {
  const kafka = kafkaClient({ brokers, clientId: "redeliver" });
  const topics = await withAdmin(kafka, (admin) => admin.listTopics());
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    const counts = await Promise.all(
      topics.filter((topic) => !topic.startsWith("__")).map((topic) => again({ kafka, producer, topic, times })),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    await producer.disconnect();
  }
};

type Redelivery = { readonly kafka: Kafka; readonly producer: Producer; readonly topic: string; readonly times: number };

const again = async ({ kafka, producer, topic, times }: Redelivery): Promise<number> => {
  const found = await messagesOn(kafka, topic);
  for (const [partition, messages] of found) {
    const shuffled = Array.from({ length: times }, () => messages)
      .flat()
      .map((message) => ({ message, place: Math.random() }))
      .toSorted((left, right) => left.place - right.place)
      .map(({ message: { key, value, headers = {}, timestamp } }) => ({ key, value, headers, timestamp, partition }));
    // A partition at a time: kafkajs may lose what is sent to several at once.
    await producer.send({ topic, messages: shuffled, acks: -1 });
  }
  return times * [...found.values()].flat().length;
};

/** As they are, by partition. */
const messagesOn = async (kafka: Kafka, topic: string): Promise<ReadonlyMap<number, readonly KafkaMessage[]>> => {
  const ends = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const left = new Map(ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, BigInt(high) - 1n]));
  const found = new Map<number, KafkaMessage[]>([...left.keys()].map((partition) => [partition, []]));
  if (left.size === 0) return found;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const reader = kafka.consumer({ groupId: `redeliver-${crypto.randomUUID()}`, maxWaitTimeInMs: 50, allowAutoTopicCreation: false });
  await reader.connect();
  await reader.subscribe({ topic, fromBeginning: true });
  await reader.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      if (left.has(partition)) found.get(partition)?.push(message);
      if (BigInt(message.offset) >= (left.get(partition) ?? 0n)) left.delete(partition);
      if (left.size === 0) resolve();
    },
  });
  await done;
  await reader.disconnect();
  return found;
};
