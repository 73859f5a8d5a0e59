import type { Consumer, ConsumerOptions } from "@cartwright/messaging/consumer";
import { follower } from "@cartwright/messaging/follower";
import { shardLeases } from "@cartwright/messaging/leases";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import { defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import type postgres from "postgres";
import { type FeedVersionsOptions, feedVersions, type VersionsFeed } from "../feed-versions.ts";
import type { Projection } from "../projection.ts";
import { fedVersions, type VersionedProjection } from "../projection-versions.ts";
import { removeFiguresKeys } from "../rebuild/remove-version-keys.ts";
import { type LogName, logNames } from "./counted-logs.ts";
import { figuresConsumer } from "./figures-consumer.ts";
import { figuresGroupOf } from "./figures-group.ts";
import type { Days, FoundFigures } from "./figures-reader.ts";
import { postgresFiguresReader, postgresFiguresWriter } from "./postgres/postgres-figures.ts";
import { redisFiguresReader } from "./redis/redis-figures-reader.ts";
import { type FiguresTools, redisFiguresSink } from "./redis/redis-figures-sink.ts";
import { redisFiguresStore } from "./redis/redis-figures-store.ts";

export type CountedFiguresOptions = Pick<FeedVersionsOptions, "clock" | "everyMs"> & {
  /** The logs that are counted, each as soon as it is there. */
  readonly feeds: Readonly<Record<LogName, Promise<LogFeed>>>;
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** Where the figures are kept; without it, in the tables of `schema`. */
  readonly redis?: RedisClient;
  readonly prefix?: string;
  /** What the projections' names begin with. */
  readonly name?: string;
  readonly limits?: ConsumerOptions<{ type: string }, unknown, void>["limits"];
  readonly logger: Logger;
  readonly metrics?: Metrics;
};

/** The figures in one store. */
export type CountedFigures = AsyncDisposable & {
  /** What is shown of these days, and how many events of each log are at most not counted in it, null where nobody knows. Throws where the store is away. */
  read(days: Days): Promise<FoundFigures & { readonly behind: Readonly<Record<LogName, number | null>> }>;
  /** Of all logs. */
  readonly expected: readonly ExpectedProjection[];
};

/** Null until its log has been found. */
export type ExpectedProjection = { readonly name: string; find(): Projection | null };

/** Nobody waits for a figure: what happens meanwhile is added in one go. */
const unhurried: NonNullable<CountedFiguresOptions["limits"]> = { restMs: 500 };

/** Counts what happens in the logs, in as many versions as there are. No log is waited for. */
export const countedFigures = (options: CountedFiguresOptions): CountedFigures => {
  const { feeds, sql, schema, redis, prefix = defaultKeyPrefix, name: title = "figures", logger, clock, everyMs } = options;
  const of: VersionedProjection = { projection: "figures", store: redis ? "redis" : "postgres" };
  const nameOf = (log: LogName) => `${title}.${log}`;
  const found = new Map<LogName, Projection & { readonly consumer: VersionsFeed }>();
  const follow = (name: LogName) =>
    follower({
      name,
      feed: feeds[name],
      open(feed) {
        const consumer = feedVersions({
          name: nameOf(name),
          wanted: () => fedVersions(sql, schema, of),
          open: (version) => consumerOf(name, feed, { version, ...options }),
          ...(redis && { onDropped: (version) => removeFiguresKeys(redis, { prefix, version }) }),
          logger,
          ...(clock && { clock }),
          ...(everyMs !== undefined && { everyMs }),
        });
        found.set(name, { name: nameOf(name), log: feed.log, consumer });
        return consumer;
      },
      logger,
      ...(clock && { clock }),
    });
  const followers = new Map(logNames.map((name) => [name, follow(name)]));
  const projectionOf = (name: LogName) => (followers.get(name)?.consumer() && found.get(name)) || null;
  const expected = logNames.map((name) => ({ name: nameOf(name), find: () => projectionOf(name) }));
  const reader = redis ? redisFiguresReader({ redis, prefix }) : postgresFiguresReader(sql, schema);
  const behindOf = async (name: LogName, version: number): Promise<number | null> => {
    try {
      const consumer = projectionOf(name)?.consumer;
      // What was shown a moment ago may have been all there while what is shown now begins.
      if (consumer?.shown() !== version) return null;
      return Number((await consumer.lag()).reduce((sum, { lag }) => sum + lag, 0n));
    } catch (err) {
      logger.warn({ err, projection: nameOf(name) }, "it can't be told how far the figures are behind");
      return null;
    }
  };
  return {
    async read(days) {
      const { shown } = await fedVersions(sql, schema, of);
      // In the order in which they are asked for, and before the counts: what is counted meanwhile is no less than what is told.
      const [cart = null, billing = null, fraud = null] = await Promise.all(logNames.map((name) => behindOf(name, shown)));
      const logs = expected.flatMap(({ find }) => find()?.log ?? []);
      const { counts, isReady } = await reader.counts(shown, { days, logs });
      // Of a log that has not been found nobody knows here what it held.
      return { counts, isReady: isReady && logs.length === logNames.length, behind: { cart, billing, fraud } };
    },
    expected,
    async [Symbol.asyncDispose]() {
      await Promise.all([...followers.values()].map((each) => each[Symbol.asyncDispose]()));
    },
  };
};

const consumerOf = (name: LogName, { log, source }: LogFeed, options: CountedFiguresOptions & { readonly version: number }): Consumer => {
  const { version, sql, schema, redis, prefix = defaultKeyPrefix, logger, metrics, limits = unhurried, clock } = options;
  const consuming = {
    ...{ of: name, log, source: source(shardLeases({ sql, schema, logger })) },
    ...{ group: figuresGroupOf({ store: redis ? "redis" : "postgres", version }, log.name) },
    ...{ around: tracedEvents(`project figures of ${name}`), limits, logger },
    ...{ ...(metrics && { metrics }), ...(clock && { clock }) },
  };
  if (redis) {
    const store = redisFiguresStore({ redis, version, log: log.name, prefix });
    const sink = redisFiguresSink({ store, log, sql, schema });
    return figuresConsumer<FiguresTools>({ ...consuming, sink, writerOf: ({ figures }) => figures });
  }
  const writerOf = ({ tx }: TableTools) => postgresFiguresWriter(tx, { schema, version });
  return figuresConsumer<TableTools>({ ...consuming, sink: tableSink({ sql, schema }), writerOf });
};
