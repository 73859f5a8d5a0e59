import type { Kafka, Producer, RecordMetadata } from "kafkajs";
import type { Clock } from "../clock.ts";
import { reasonOf } from "../consumer-context.ts";
import { boundedWaits } from "./bounded-waits.ts";
import type { EventMessage } from "./event-message.ts";
import { ensureTopic, type TopicLayout } from "./event-topic.ts";
import { KafkaUnavailable } from "./kafka-unavailable.ts";
import { withAdmin } from "./with-admin.ts";

/** Writes to the partitions of one topic, and says that something is written only when the brokers have it. */
export type TopicProducer = {
  /**
   * Makes the topic where it is missing. @returns how many partitions it has.
   * @throws {KafkaUnavailable}
   */
  partitions(): Promise<number>;
  /**
   * Writes the messages in their order. After an error some of them may be there, or come yet.
   * @throws {KafkaUnavailable}
   */
  send(partition: number, messages: readonly EventMessage[]): Promise<void>;
  /** Makes the topic again where somebody has deleted it, and finds out whether it has more partitions now. */
  look(): Promise<void>;
  /** The process stops: whoever waits for the brokers now, or asks for more, waits for a moment and no longer. */
  end(): void;
  close(): Promise<void>;
};

export type TopicProducerOptions = { kafka: Kafka; topic: string; layout: TopicLayout; sendTimeoutMs: number; clock: Clock };

/** Below the broker's limit of 1 MiB for a batch. */
const batchBytes = 512 * 1024;
const longestRetryMs = 500;
/** After which a send that is under way at the stop is given up: its mark does not move, and another process sends it again. */
const endMs = 3_000;

/** A producer with an id of its own at the brokers, and what it has under way. */
type Connection = { producer: Producer; partitions: number; sends: Set<Promise<void>> };

export const topicProducer = ({ kafka, topic, layout, sendTimeoutMs, clock }: TopicProducerOptions): TopicProducer => {
  let current: Promise<Connection> | null = null;
  let cancelEnd = () => {};
  const waits = boundedWaits({ ms: sendTimeoutMs, clock });
  const bounded = <Value>(promise: Promise<Value>, what: string) => waits.waitFor(promise, `${topic}: ${what}`);
  const ensure = () => withAdmin(kafka, (admin) => ensureTopic(admin, topic, layout));
  const connected = (): Promise<Connection> => {
    if (current) return current;
    const connecting = connect({ kafka, topic, sendTimeoutMs, ensure });
    const bounding = bounded(connecting, "connecting").catch((error) => {
      if (current === bounding) current = null;
      // It may come about yet, when nobody waits for it any more.
      connecting.then(({ producer }) => disconnect(producer)).catch(() => {});
      throw error;
    });
    current = bounding;
    return bounding;
  };
  /** The next call begins anew. What went wrong may have left the ids of this one's messages out of step with the broker's. */
  const retire = async (connection: Connection) => {
    const was = current;
    // Somebody else may have retired the connection meanwhile, and begun anew.
    if ((await was?.catch(() => null)) === connection && current === was) current = null;
    await Promise.allSettled(connection.sends);
    await disconnect(connection.producer);
  };

  return {
    partitions: async () => (await connected()).partitions,
    async send(partition, messages) {
      const connection = await connected();
      try {
        for (const batch of batchesOf(messages)) {
          const sending = sendToOne(connection.producer, { topic, partition, messages: batch });
          connection.sends.add(sending);
          void sending.finally(() => connection.sends.delete(sending)).catch(() => {});
          await bounded(sending, `a send to partition ${partition}`);
        }
      } catch (error) {
        void retire(connection);
        throw error;
      }
    },
    async look() {
      const connection = await connected();
      if ((await bounded(ensure(), "a look")) !== connection.partitions) void retire(connection);
    },
    end() {
      cancelEnd();
      cancelEnd = clock.after(endMs, () => waits.end(new KafkaUnavailable(`${topic}: the process stops`)));
    },
    async close() {
      const connection = await current?.catch(() => null);
      current = null;
      if (connection) await bounded(disconnect(connection.producer), "disconnecting").catch(() => {});
      cancelEnd();
      waits.end(new KafkaUnavailable(`${topic}: the producer is closed`));
    },
  };
};

type Connecting = Pick<TopicProducerOptions, "kafka" | "topic" | "sendTimeoutMs"> & { ensure: () => Promise<number> };

const connect = async ({ kafka, topic, sendTimeoutMs, ensure }: Connecting): Promise<Connection> => {
  const producer = producerOf(kafka, sendTimeoutMs);
  try {
    const partitions = await ensure();
    await producer.connect();
    return { producer, partitions, sends: new Set() };
  } catch (cause) {
    void disconnect(producer);
    throw new KafkaUnavailable(`${topic}: the brokers could not be reached: ${reasonOf(cause)}`, { cause });
  }
};

const producerOf = (kafka: Kafka, sendTimeoutMs: number): Producer =>
  kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 50, maxRetryTime: longestRetryMs, retries: Math.ceil(sendTimeoutMs / longestRetryMs) },
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
  });

const disconnect = (producer: Producer): Promise<void> => producer.disconnect().catch(() => {});

type Batch = { topic: string; partition: number; messages: readonly EventMessage[] };

/**
 * One partition in one `send`, and the answer is read: kafkajs keeps a broker's answer across its retries, does not ask it
 * again for a partition that has moved to it meanwhile, and so resolves for messages that are nowhere. All that shows it is a
 * partition that the answer lacks. (tulios/kafkajs#1303, #1798)
 */
const sendToOne = async (producer: Producer, { topic, partition, messages }: Batch): Promise<void> => {
  const answers = await producer
    .send({ topic, acks: -1, messages: messages.map((message) => ({ ...message, partition })) })
    .catch((cause) => {
      throw new KafkaUnavailable(`${topic}/${partition} was not written: ${reasonOf(cause)}`, { cause });
    });
  if (!isAcknowledged(answers, { topic, partition }))
    throw new KafkaUnavailable(`${topic}/${partition} was not acknowledged: ${JSON.stringify(answers)}`);
};

export const isAcknowledged = (answers: readonly RecordMetadata[], { topic, partition }: { topic: string; partition: number }): boolean => {
  const [only, ...others] = answers;
  return (
    others.length === 0 &&
    only?.topicName === topic &&
    only.partition === partition &&
    only.errorCode === 0 &&
    /^\d+$/.test(only.baseOffset ?? "")
  );
};

/** A single message may be larger than that, and goes alone. */
export const batchesOf = (messages: readonly EventMessage[], maxBytes = batchBytes): readonly (readonly EventMessage[])[] => {
  const batches: EventMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const size = bytesOf(message);
    if (bytes + size > maxBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(message);
    bytes += size;
  }
  return batches;
};

/** At least what it takes in a batch: a key, a value, and headers of ASCII. */
export const bytesOf = ({ key, value, headers }: EventMessage): number => {
  let bytes = 100 + Buffer.byteLength(key) + value.length;
  for (const name in headers) bytes += 4 + name.length + (headers[name]?.length ?? 0);
  return bytes;
};
