import type { EventLog, LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { systemClock } from "@cartwright/messaging/clock";
import type { Consumer, ConsumerOptions } from "@cartwright/messaging/consumer";
import type { Source } from "@cartwright/messaging/source";
import type { CartViewsListener } from "@cartwright/read-model/cart-views-over";
import { cartViewTableOf } from "@cartwright/read-model/postgres/cart-view-tables";
import { cartViewKeys, defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import { redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { RedisUnavailable } from "@cartwright/read-model/redis/redis-errors";
import { checkNoEviction } from "@cartwright/read-model/redis/redis-health";
import type { Logger } from "@cartwright/service-kit/logger";
import type postgres from "postgres";
import { type FeedVersionsOptions, feedVersions, type VersionsFeed } from "../feed-versions.ts";
import { fedVersions, groupOf, type VersionedProjection } from "../projection-versions.ts";
import { divergedFrom } from "../rebuild/diverged-in-redis.ts";
import { removeVersionKeys } from "../rebuild/remove-version-keys.ts";
import { cartViewProjection } from "./cart-view-projection.ts";
import { type CartViewTools, cartViewSink } from "./cart-view-sink.ts";
import { evictionWatch } from "./eviction-watch.ts";
import { redisCartViewSink } from "./redis-cart-view-sink.ts";

export type StartCartViewOptions = Pick<ConsumerOptions<RecordedEvent, CartViewTools, void>, "around" | "limits" | "metrics"> &
  Pick<FeedVersionsOptions, "clock" | "everyMs"> & {
    /** The cart's. */
    readonly log: LogReader & Pick<EventLog, "readStream">;
    /** One for each version that is fed. */
    readonly source: () => Source;
    readonly sql: postgres.Sql;
    readonly schema: string;
    /** Where the views are kept; without it, in the tables of `schema`. */
    readonly redis?: RedisClient;
    readonly prefix?: string;
    /** The views that are read in this process: told of the version that is shown, and to remember nothing while there are several. */
    readonly listener: CartViewsListener;
    readonly logger: Logger;
  };

/**
 * Keeps the cart views, in as many versions as there are, in Redis or in tables.
 * @throws {RedisMisconfigured} where Redis would evict what it holds.
 */
export const startCartView = async (options: StartCartViewOptions): Promise<VersionsFeed> => {
  const { log, source, sql, schema, redis, prefix = defaultKeyPrefix, listener, logger, clock, everyMs, around, limits, metrics } = options;
  const of: VersionedProjection = { projection: "cart-view", store: redis ? "redis" : "postgres" };
  if (redis) await warnUnlessKept(redis, logger);
  const consuming = { log, logger, ...(around && { around }), ...(limits && { limits }), ...(metrics && { metrics }) };
  const sinkOf = (version: number, listening: CartViewsListener) =>
    redis
      ? redisCartViewSink({ store: redisCartViewStore({ redis, version, prefix }), log, sql, schema, listener: listening })
      : cartViewSink({ sql, schema, log, table: cartViewTableOf(version), listener: listening });
  const evictions = redis && evictionWatch({ redis, logger, clock: clock ?? systemClock });
  let shown = 1;
  const listenerOf = (version: number): CartViewsListener => ({
    applied: (views) => version === shown && listener.applied(views),
    doubted: (views) => version === shown && listener.doubted(views),
  });
  const feed: VersionsFeed = feedVersions({
    name: of.projection,
    wanted: () => fedVersions(sql, schema, of),
    open: (version) =>
      cartViewProjection({
        ...consuming,
        source: source(),
        sink: sinkOf(version, listenerOf(version)),
        group: groupOf({ ...of, version }),
      }),
    onWanted(now) {
      // Off before another version is shown, on only when no other is left.
      if (now.versions.length > 1) listener.remember?.(false);
      shown = now.shown;
    },
    ...(redis && { onDropped: (version) => removeVersionKeys(redis, { prefix, version }) }),
    async onFed(now) {
      if (now.versions.length === 1) listener.remember?.(true);
      // PostgreSQL knows which version it is, Redis may have forgotten or gone back to an older one.
      if (redis) await keepBelievable(redis, { log, prefix, version: now.shown, logger, evictions, status: feed.status });
    },
    logger,
    ...(clock && { clock }),
    ...(everyMs !== undefined && { everyMs }),
  });
  await feed.start();
  return feed;
};

/** A Redis that is away is no reason not to start: everything is answered from the log until it is back. */
const warnUnlessKept = async (redis: RedisClient, logger: Logger) => {
  try {
    if (!(await checkNoEviction(redis))) logger.warn({}, "Redis does not tell its maxmemory-policy: see to it that it is noeviction");
  } catch (err) {
    if (!(err instanceof RedisUnavailable)) throw err;
    logger.warn({ err }, "Redis is away: its maxmemory-policy was not looked at");
  }
};

type Showing = {
  readonly log: LogReader;
  readonly prefix: string;
  readonly version: number;
  readonly logger: Logger;
  readonly evictions: ReturnType<typeof evictionWatch> | undefined;
  readonly status: Consumer["status"];
};

/** What is shown is what PostgreSQL says, nothing that the log has no more, and all that was written. */
const keepBelievable = async (redis: RedisClient, { log, prefix, version, logger, evictions, status }: Showing) => {
  const { active } = cartViewKeys(prefix);
  try {
    if ((await redis.get<string>(active)) !== String(version)) await redis.set(active, String(version));
    const store = redisCartViewStore({ redis, version, prefix });
    const stopped = status().shards.filter((each) => each.state === "stopped" && each.cause === "diverged");
    // Asked again: a shard that has just been begun anew is still said to be stopped.
    const diverged =
      stopped.length > 0
        ? await divergedFrom(
            log,
            stopped.map(({ shard, mark }) => [shard, mark]),
          )
        : [];
    for (const { shard, from } of diverged) await store.disbelieve(shard, from);
  } catch (err) {
    evictions?.away();
    logger.warn({ err }, "Redis can't be told which version of the cart view is shown");
  }
  await evictions?.look();
};
