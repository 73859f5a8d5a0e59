import type { EventLog } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import type { Consumer } from "@cartwright/messaging/consumer";
import { type LogFeed, logFeed } from "@cartwright/messaging/log-feed";
import { logSource } from "@cartwright/messaging/log-source";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { Sink } from "@cartwright/messaging/sink";
import { tableSink } from "@cartwright/messaging/table-sink";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { redisOver } from "@cartwright/read-model/testing/redis-over";
import { silentLogger } from "@cartwright/service-kit/logger";
import { sharedRedis } from "@cartwright/testkit/shared-redis";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { placeOf, summed } from "../figures/count.ts";
import { type LogName, logNames } from "../figures/counted-logs.ts";
import { figuresConsumer } from "../figures/figures-consumer.ts";
import { figuresGroupOf } from "../figures/figures-group.ts";
import { postgresFiguresReader, postgresFiguresWriter } from "../figures/postgres/postgres-figures.ts";
import { redisFiguresReader } from "../figures/redis/redis-figures-reader.ts";
import { redisFiguresSink } from "../figures/redis/redis-figures-sink.ts";
import { type RedisFiguresStore, redisFiguresStore } from "../figures/redis/redis-figures-store.ts";
import { startFigures } from "../figures/start-figures.ts";
import type { ViewStore } from "../projection-versions.ts";
import { redisFiguresVersions, tableFiguresVersions } from "../rebuild/figures-versions.ts";
import { prepare, schema } from "./redis-bench.ts";

export type AnySink = <Tools>(sink: Sink<Tools, void>) => Sink<Tools, void>;

export type CountingOptions = {
  /** What comes between a consumer and its sink. */
  readonly around?: AnySink;
  /** The same for a store in Redis. */
  readonly storeOf?: (store: RedisFiguresStore) => RedisFiguresStore;
};

const limits = { headsMs: 50, maxBackoffMs: 50, restMs: 0, batch: 20 };

/** For tests: three logs in memory, and the figures of them in one of the stores. `url` is a Redis of the test's own. */
export const figuresBench = async (store: ViewStore, { url, over = "RESP" }: { url?: string; over?: keyof typeof redisOver } = {}) => {
  await using opened = new AsyncDisposableStack();
  const { sql } = opened.use(await testDatabase({ prepare }));
  const server = store === "redis" && url === undefined ? opened.use(await sharedRedis()) : null;
  const address = url ?? server?.url;
  const redis = address === undefined ? undefined : await redisOver[over](address, opened);
  const prefix = server?.keyPrefix ?? "cartwright:";
  const logs: Record<LogName, EventLog> = {
    cart: inMemoryEventLog({ name: "cart" }),
    billing: inMemoryEventLog({ name: "billing" }),
    fraud: inMemoryEventLog({ name: "fraud" }),
  };
  const reader = redis ? redisFiguresReader({ redis, prefix }) : postgresFiguresReader(sql, schema);
  const counts = async (version = 1) =>
    new Map(summed((await reader.snapshot(version, [])).counts).map((count) => [placeOf(count), count.amount] as const));
  const place = { sql, schema, prefix, ...(redis && { redis }) };
  const resources = opened.move();
  return {
    ...{ sql, redis, prefix, logs, reader, counts },
    parking: postgresParking(sql, schema),
    groupOf: (log: LogName, version = 1) => figuresGroupOf({ store, version }, log),
    versions: redis ? redisFiguresVersions({ sql, schema, redis, prefix, logs }) : tableFiguresVersions({ sql, schema, logs }),
    /** Consumers of all three logs, without the leases that would keep two of them apart. */
    count: (options?: CountingOptions) => countIn(place, logs, options),
    start: (feeds: Partial<Record<LogName, Promise<LogFeed>>> = {}) =>
      startFigures({ ...place, feeds: { ...feedsOf(logs), ...feeds }, limits, logger: silentLogger, everyMs: 20 }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

type Place = { sql: Parameters<typeof tableSink>[0]["sql"]; schema: string; prefix: string; redis?: RedisClient };

export const feedOf = (log: EventLog): LogFeed => logFeed({ log, shared: false });

const feedsOf = (logs: Record<LogName, EventLog>) => ({
  cart: Promise.resolve(feedOf(logs.cart)),
  billing: Promise.resolve(feedOf(logs.billing)),
  fraud: Promise.resolve(feedOf(logs.fraud)),
});

const countIn = async (
  { sql, prefix, redis }: Place,
  logs: Record<LogName, EventLog>,
  { around = (sink) => sink, storeOf = (store) => store }: CountingOptions = {},
) => {
  const consumers = logNames.map((of): Consumer => {
    const log = logs[of];
    const consuming = { of, log, source: logSource({ log }), limits };
    if (redis) {
      const sink = redisFiguresSink({ store: storeOf(redisFiguresStore({ redis, version: 1, log: of, prefix })), log, sql, schema });
      const group = figuresGroupOf({ store: "redis", version: 1 }, of);
      return figuresConsumer({ ...consuming, group, sink: around(sink), writerOf: ({ figures }) => figures });
    }
    const group = figuresGroupOf({ store: "postgres", version: 1 }, of);
    const writerOf = ({ tx }: { tx: Parameters<typeof postgresFiguresWriter>[0] }) => postgresFiguresWriter(tx, { schema, version: 1 });
    return figuresConsumer({ ...consuming, group, sink: around(tableSink({ sql, schema })), writerOf });
  });
  await Promise.all(consumers.map((consumer) => consumer.start()));
  return {
    catchUp: () => Promise.all(consumers.map((consumer) => consumer.catchUp())),
    /** Until every mark is at its log's head, also where Redis has lost marks meanwhile. */
    atRest: () =>
      until(async () => (await Promise.all(consumers.map((consumer) => consumer.lag()))).flat().every(({ lag }) => lag === 0n), {
        timeoutMs: 60_000,
        what: "all marks at the heads",
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  };
};
