import type { EventLog, RecordedEvent } from "@cartwright/event-log/event-log";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { consumer } from "@cartwright/messaging/consumer";
import { encodeMessage } from "@cartwright/messaging/kafka/event-message";
import { ensureTopic, partitionOf, topicOf } from "@cartwright/messaging/kafka/event-topic";
import { kafkaClient } from "@cartwright/messaging/kafka/kafka-client";
import { kafkaSource } from "@cartwright/messaging/kafka/kafka-source";
import { relay } from "@cartwright/messaging/kafka/relay";
import { withAdmin } from "@cartwright/messaging/kafka/with-admin";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import { postgresProgress } from "@cartwright/messaging/postgres/postgres-progress";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";
import { startKafka } from "@cartwright/testkit/kafka";
import type { Kafka } from "kafkajs";
import postgres from "postgres";
import type { BenchEnvironment, Benchmark } from "./benchmark.ts";
import { backlogFor, drainMeter, handledMetrics } from "./drain.ts";

const partitions = 4;
const schema = "projector";
const eventsPerUnit = 10;

/** A Kafka of one broker, a log with a backlog, and a service's tables beside it. */
type Stage = AsyncDisposable & { kafka: Kafka; log: EventLog; sql: postgres.Sql; total: number };

const prepare = async ({ database, time }: BenchEnvironment): Promise<Stage> => {
  const cluster = await startKafka({ longLived: true });
  const connection = await database();
  const log = await openPostgresEventLog({ connection, schema: "cart", wakeUps: "in-process" });
  const sql = postgres({ ...connection, max: 4, onnotice: () => {} });
  const total = backlogFor(time);
  await migrate(sql, { schema, ...messagingMigrations });
  await sql.unsafe(`create table ${schema}.effect (stream_id text, version integer, type text)`);
  await fill(log, connection, total);
  return {
    kafka: kafkaClient({ brokers: cluster.bootstrapServers, clientId: "bench" }),
    log,
    sql,
    total,
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 5 });
      await log.close();
      await cluster.stop();
    },
  };
};

const fill = async (log: EventLog, connection: PostgresConnection, total: number): Promise<void> => {
  let left = total / eventsPerUnit;
  const caller = async () => {
    while (left-- > 0) {
      const streamId = `cart-${crypto.randomUUID()}`;
      const events = Array.from({ length: eventsPerUnit }, () => itemAdded(streamId));
      await log.append({
        commands: [{ key: streamId, fingerprint: "bench", eventCount: eventsPerUnit }],
        streams: [{ streamId, expect: "noStream", events }],
      });
    }
  };
  await Promise.all(Array.from({ length: 128 }, caller));
  const owner = postgres({ ...connection, max: 1, onnotice: () => {} });
  await owner`vacuum analyze`;
  await owner`checkpoint`;
  await owner.end();
};

/** With its headers and all that is around it some 800 bytes as a message. */
const itemAdded = (cartId: string) => ({
  eventId: crypto.randomUUID(),
  type: "ItemAddedToCart",
  schemaVersion: 2,
  data: {
    cartId,
    productId: "prod-456",
    product: { name: "Gaming Laptop", category: "Computers", image: "/products/prod-456.svg" },
    quantity: 1,
    unitPrice: { amountMinor: 25_000_000, currency: "EUR" },
    addedAt: "2026-01-01T00:00:00.000Z",
  },
  metadata: { correlationId: cartId, actor: { subject: `guest-${cartId}`, kind: "guest" } },
});

const relayed: Benchmark = {
  name: "relay: from the log to Kafka, acknowledged, mark saved",
  unit: "events",
  run: async (environment) => {
    await using stage = await prepare(environment);
    return await publish(stage);
  },
};

/** Publishes the whole backlog. */
const publish = async ({ kafka, log, sql, total }: Stage) => {
  const meter = drainMeter(total);
  const progress = postgresProgress({ sql, schema });
  await using publishing = relay({ log, kafka, progress, topic: { partitions }, metrics: handledMetrics(meter.add) });
  await publishing.start();
  await meter.drained;
  await publishing.catchUp();
  return meter.measurement();
};

const consumed: Benchmark = {
  name: "consume from Kafka: a row for each event, in one transaction with the marks",
  unit: "events",
  run: async (environment) => {
    await using stage = await prepare(environment);
    await publish(stage);
    const { kafka, log, sql, total } = stage;
    const meter = drainMeter(total);
    await using counting = consumer<RecordedEvent, TableTools, void>({
      group: "bench",
      log,
      source: kafkaSource({ kafka, log, groupPrefix: "bench" }),
      sink: tableSink({ sql, schema }),
      handlers: {
        "*": {
          async batch(events, { tx }) {
            const rows = events.map(({ recorded: { streamId, version, type } }) => ({ stream_id: streamId, version, type }));
            await tx`insert into ${tx(schema)}.effect ${tx(rows)}`;
          },
        },
      },
      limits: { batch: 4_000, headsMs: 600_000 },
      metrics: handledMetrics(meter.add),
    });
    await counting.start();
    await meter.drained;
    await counting.catchUp();
    return meter.measurement();
  },
};

const allEvents = async (log: EventLog): Promise<readonly RecordedEvent[]> => {
  const { heads } = await log.heads();
  return log.read(
    heads.map((_, shard) => ({ shard, after: 0n })),
    Number.MAX_SAFE_INTEGER,
  );
};

/** What the relay sends, in sends of the same size, from memory. */
const produced: Benchmark = {
  name: "kafkajs alone: produce the same messages",
  unit: "events",
  run: async (environment) => {
    await using stage = await prepare(environment);
    return await producePlainly(stage);
  },
};

const perSend = 1_000;

const producePlainly = async ({ kafka, log, total }: Stage) => {
  const topic = topicOf(log);
  await withAdmin(kafka, (admin) => ensureTopic(admin, topic, { partitions }));
  const events = await allEvents(log);
  const meter = drainMeter(total);
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const byPartition = Map.groupBy(events, ({ shard }) => partitionOf(shard, partitions));
  const produceTo = async ([partition, ofPartition]: [number, RecordedEvent[]]) => {
    for (let at = 0; at < ofPartition.length; at += perSend) {
      const messages = ofPartition.slice(at, at + perSend).map((event) => ({ ...encodeMessage(event, log.epoch), partition }));
      await producer.send({ topic, acks: -1, messages });
      meter.add(messages.length);
    }
  };
  await Promise.all([...byPartition].map(produceTo));
  await producer.disconnect();
  return meter.measurement();
};

const readBack: Benchmark = {
  name: "kafkajs alone: read the same messages",
  unit: "events",
  run: async (environment) => {
    await using stage = await prepare(environment);
    await producePlainly(stage);
    const { kafka, log, total } = stage;
    const meter = drainMeter(total);
    const reader = kafka.consumer({ groupId: "plain", maxWaitTimeInMs: 100 });
    await reader.connect();
    await reader.subscribe({ topic: topicOf(log), fromBeginning: true });
    await reader.run({ eachBatch: async ({ batch }) => meter.add(batch.messages.length) });
    await meter.drained;
    await reader.disconnect();
    return meter.measurement();
  },
};

export const kafkaBenchmarks: readonly Benchmark[] = [relayed, produced, consumed, readBack];
