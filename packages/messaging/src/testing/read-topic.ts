import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { Kafka } from "kafkajs";
import { decodeEvent, placeOf } from "../kafka/event-message.ts";
import { withAdmin } from "../kafka/with-admin.ts";

/** For tests: everything that is on a topic at the call, by partition in the order of offsets. */
export const readTopic = async (kafka: Kafka, topic: string): Promise<ReadonlyMap<number, readonly RecordedEvent[]>> => {
  const ends = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const left = new Map(ends.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, BigInt(high) - 1n]));
  const found = new Map<number, RecordedEvent[]>();
  if (left.size === 0) return found;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const reader = kafka.consumer({ groupId: `reads-${crypto.randomUUID()}`, maxWaitTimeInMs: 50, allowAutoTopicCreation: false });
  await reader.connect();
  await reader.subscribe({ topic, fromBeginning: true });
  await reader.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      const place = placeOf(message.headers);
      const event = place && decodeEvent(message.value, place);
      const events = found.get(partition) ?? [];
      found.set(partition, events);
      if (event) events.push(event);
      if (BigInt(message.offset) >= (left.get(partition) ?? 0n)) left.delete(partition);
      if (left.size === 0) resolve();
    },
  });
  await done;
  await reader.disconnect();
  return found;
};
