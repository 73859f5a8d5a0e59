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
import { type FeedVersionsOptions, feedVersions } from "../feed-versions.ts";
import type { Projection } from "../projection.ts";
import { fedVersions, type VersionedProjection } from "../projection-versions.ts";
import { removeFiguresKeys } from "../rebuild/remove-version-keys.ts";
import { type LogName, logNames } from "./counted-logs.ts";
import { type DayFigures, figuresOf } from "./figures.ts";
import { figuresConsumer } from "./figures-consumer.ts";
import { figuresGroupOf } from "./figures-group.ts";
import type { Days } from "./figures-reader.ts";
import { postgresFiguresReader, postgresFiguresWriter } from "./postgres/postgres-figures.ts";
import { redisFiguresReader } from "./redis/redis-figures-reader.ts";
import { type FiguresTools, redisFiguresSink } from "./redis/redis-figures-sink.ts";
import { redisFiguresStore } from "./redis/redis-figures-store.ts";

export type StartFiguresOptions = Pick<FeedVersionsOptions, "clock" | "everyMs"> & {
  /** The logs that are counted, each as soon as it is there. */
  readonly feeds: Readonly<Record<LogName, Promise<LogFeed>>>;
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** Where the figures are kept; without it, in the tables of `schema`. */
  readonly redis?: RedisClient;
  readonly prefix?: string;
  readonly limits?: ConsumerOptions<{ type: string }, unknown, void>["limits"];
  readonly logger: Logger;
  readonly metrics?: Metrics;
};

/** Nobody waits for a figure: what happens meanwhile is added in one go. */
const unhurried: NonNullable<StartFiguresOptions["limits"]> = { restMs: 500 };

export type Figures = {
  /** Of each day from `from` to `to`, both included; and how many events of each log are not counted yet, null of a log that is away. */
  between(days: Days): Promise<{ readonly days: readonly DayFigures[]; readonly behind: Readonly<Record<LogName, number | null>> }>;
};

export type RunningFigures = AsyncDisposable &
  Figures & {
    /** Of the logs that have been found. */
    projections(): readonly Projection[];
    /** One of the logs: null until it has been found. */
    projectionOf(log: LogName): Projection | null;
  };

/** Counts what happens in the logs, in as many versions as there are, in Redis or in tables. No log is waited for. */
export const startFigures = (options: StartFiguresOptions): RunningFigures => {
  const { feeds, sql, schema, redis, prefix = defaultKeyPrefix, logger, metrics, limits = unhurried, clock, everyMs } = options;
  const of: VersionedProjection = { projection: "figures", store: redis ? "redis" : "postgres" };
  const found = new Map<LogName, Projection>();

  const consumerOf = (name: LogName, { log, source }: LogFeed, version: number): Consumer => {
    const consuming = {
      ...{ of: name, log, source: source(shardLeases({ sql, schema, logger })) },
      ...{ group: figuresGroupOf({ ...of, version }, log.name), around: tracedEvents(`project figures of ${name}`), logger },
      ...{ limits, ...(metrics && { metrics }), ...(clock && { clock }) },
    };
    if (redis) {
      const store = redisFiguresStore({ redis, version, log: log.name, prefix });
      const sink = redisFiguresSink({ store, log, sql, schema });
      return figuresConsumer<FiguresTools>({ ...consuming, sink, writerOf: ({ figures }) => figures });
    }
    const writerOf = ({ tx }: TableTools) => postgresFiguresWriter(tx, { schema, version });
    return figuresConsumer<TableTools>({ ...consuming, sink: tableSink({ sql, schema }), writerOf });
  };
  const follow = (name: LogName) =>
    follower({
      name,
      feed: feeds[name],
      open(feed) {
        const consumer = feedVersions({
          name: `figures of ${name}`,
          wanted: () => fedVersions(sql, schema, of),
          open: (version) => consumerOf(name, feed, version),
          ...(redis && { onDropped: (version) => removeFiguresKeys(redis, { prefix, version }) }),
          logger,
          ...(clock && { clock }),
          ...(everyMs !== undefined && { everyMs }),
        });
        found.set(name, { name: `figures.${name}`, log: feed.log, consumer });
        return consumer;
      },
      logger,
      ...(clock && { clock }),
    });
  const followers = new Map(logNames.map((name) => [name, follow(name)]));
  const projectionOf = (name: LogName) => (followers.get(name)?.consumer() && found.get(name)) || null;

  const behindOf = async (name: LogName): Promise<number | null> => {
    try {
      const lags = await projectionOf(name)?.consumer.lag();
      return lags ? Number(lags.reduce((sum, { lag }) => sum + lag, 0n)) : null;
    } catch (err) {
      logger.warn({ err, log: name }, "it can't be told how far the figures are behind");
      return null;
    }
  };
  const reader = redis ? redisFiguresReader({ redis, prefix }) : postgresFiguresReader(sql, schema);
  return {
    async between(days) {
      const [{ shown }, ...behind] = await Promise.all([fedVersions(sql, schema, of), ...logNames.map(behindOf)]);
      const counts = await reader.counts(shown, days);
      // In the order in which they were asked for.
      const [cart = null, billing = null, fraud = null] = behind;
      return { days: figuresOf(counts), behind: { cart, billing, fraud } };
    },
    projections: () => logNames.flatMap((name) => projectionOf(name) ?? []),
    projectionOf,
    async [Symbol.asyncDispose]() {
      await Promise.all([...followers.values()].map((each) => each[Symbol.asyncDispose]()));
    },
  };
};
