import { cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import { CartId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { EventLog, NewEvent } from "@cartwright/event-log/event-log";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { kafkaClient } from "@cartwright/messaging/kafka/kafka-client";
import { kafkaSource } from "@cartwright/messaging/kafka/kafka-source";
import { relay } from "@cartwright/messaging/kafka/relay";
import { logSource } from "@cartwright/messaging/log-source";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import { postgresProgress } from "@cartwright/messaging/postgres/postgres-progress";
import type { Source } from "@cartwright/messaging/source";
import { cartViewProjection } from "@cartwright/projector/cart-view/cart-view-projection";
import { redisCartViewSink } from "@cartwright/projector/cart-view/redis-cart-view-sink";
import { openRedis } from "@cartwright/read-model/redis/node/open-redis";
import { redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import { parseRedisConnection } from "@cartwright/read-model/redis/redis-connection";
import { startKafka } from "@cartwright/testkit/kafka";
import { startRedis } from "@cartwright/testkit/redis";
import postgres from "postgres";
import type { BenchEnvironment, Benchmark } from "./benchmark.ts";
import { backlogFor, drainMeter, handledMetrics } from "./drain.ts";

const schema = "projector";
const eventsPerCart = 10;

const redisAt = (url: string) => {
  const parsed = parseRedisConnection(url);
  if (!parsed.ok) throw new Error(parsed.reason);
  return openRedis(parsed.connection);
};

/** A log with a backlog of carts, a Redis, and what the projector keeps in PostgreSQL. */
const prepare = async ({ database, time }: BenchEnvironment) => {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startRedis());
  const { redis } = opened.use(redisAt(server.url));
  const connection = await database();
  const log = opened.use(await openPostgresEventLog({ connection, schema: "cart", wakeUps: "in-process" }));
  const sql = postgres({ ...connection, max: 4, onnotice: () => {} });
  opened.defer(() => sql.end({ timeout: 5 }));
  await migrate(sql, { schema, ...messagingMigrations });
  const total = backlogFor(time);
  await fill(log, total);
  await sql`vacuum analyze`;
  await sql`checkpoint`;
  const held = opened.move();
  return { log, redis, sql, total, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

type Stage = Awaited<ReturnType<typeof prepare>>;

const fill = async (log: EventLog, total: number): Promise<void> => {
  let left = total / eventsPerCart;
  const caller = async () => {
    while (left-- > 0) {
      const cartId = CartId.parse(crypto.randomUUID());
      const events = cartOfUsualSize(cartId);
      await log.append({
        commands: [{ key: cartId, fingerprint: "bench", eventCount: events.length }],
        streams: [{ streamId: cartStreamId(cartId), expect: "noStream", events }],
      });
    }
  };
  await Promise.all(Array.from({ length: 128 }, caller));
};

const at = Instant.parse("2026-01-01T00:00:00.000Z");

/** Opened, and one of five products after another. */
const cartOfUsualSize = (cartId: CartId): readonly NewEvent[] => {
  const owner = SubjectId.parse(`guest-${cartId}`);
  const opened = cartEvents.encode({ type: "CartOpened", data: { cartId, owner, ownerKind: "guest", currency: "EUR", openedAt: at } });
  const added = Array.from({ length: eventsPerCart - 1 }, (_, index) =>
    cartEvents.encode({
      type: "ItemAddedToCart",
      data: {
        cartId,
        productId: ProductId.parse(`prod-${index % 5}`),
        product: { name: "Gaming Laptop", category: "Computers", image: "/products/prod-456.svg" },
        quantity: 1,
        unitPrice: { amountMinor: 25_000_000, currency: "EUR" },
        addedAt: at,
      },
    }),
  );
  return [opened, ...added].map((event) => ({ ...event, eventId: crypto.randomUUID(), metadata: { correlationId: cartId } }));
};

/** Brings the whole backlog into Redis. */
const project = async ({ log, redis, sql, total }: Stage, source: Source) => {
  const meter = drainMeter(total);
  await using projecting = cartViewProjection({
    log,
    source,
    sink: redisCartViewSink({
      store: redisCartViewStore({ redis, version: 1 }),
      log,
      sql,
      schema,
      listener: { applied() {}, doubted() {} },
    }),
    limits: { headsMs: 600_000 },
    metrics: handledMetrics(meter.add),
  });
  await projecting.start();
  await meter.drained;
  await projecting.catchUp();
  return meter.measurement();
};

const fromLog: Benchmark = {
  name: "projector: cart views from the log to Redis",
  unit: "events",
  run: async (environment) => {
    await using stage = await prepare(environment);
    return await project(stage, logSource({ log: stage.log }));
  },
};

const fromKafka: Benchmark = {
  name: "projector: cart views from Kafka to Redis",
  unit: "events",
  run: async (environment) => {
    await using stage = await prepare(environment);
    const cluster = await startKafka({ longLived: true });
    try {
      const { log, sql } = stage;
      const kafka = kafkaClient({ brokers: cluster.bootstrapServers, clientId: "bench" });
      await using publishing = relay({ log, kafka, progress: postgresProgress({ sql, schema }), topic: { partitions: 4 } });
      await publishing.start();
      await publishing.catchUp();
      return await project(stage, kafkaSource({ kafka, log, groupPrefix: "bench" }));
    } finally {
      await cluster.stop();
    }
  },
};

export const redisBenchmarks: readonly Benchmark[] = [fromLog, fromKafka];
