import type { EventLog, LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import type { ConsumerOptions } from "@cartwright/messaging/consumer";
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
import { removeVersionKeys } from "../rebuild/remove-version-keys.ts";
import { cartViewProjection } from "./cart-view-projection.ts";
import { type CartViewTools, cartViewSink } from "./cart-view-sink.ts";
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
  let shown = 1;
  const listenerOf = (version: number): CartViewsListener => ({
    applied: (views) => version === shown && listener.applied(views),
    doubted: (views) => version === shown && listener.doubted(views),
  });
  const feed = feedVersions({
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
      if (redis) await showIn(redis, { prefix, version: now.shown, logger });
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

type Showing = { readonly prefix: string; readonly version: number; readonly logger: Logger };

const showIn = async (redis: RedisClient, { prefix, version, logger }: Showing) => {
  const { active } = cartViewKeys(prefix);
  try {
    if ((await redis.get<string>(active)) !== String(version)) await redis.set(active, String(version));
  } catch (err) {
    logger.warn({ err }, "Redis can't be told which version of the cart view is shown");
  }
};
