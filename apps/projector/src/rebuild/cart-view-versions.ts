import { cartViewTableOf, createCartViewTable, showCartViewTable } from "@cartwright/read-model/postgres/cart-view-tables";
import { cartViewKeys, defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import { defaultViewTtlSeconds, redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { compareCartViews } from "./compare-cart-views.ts";
import { postgresSnapshot } from "./postgres-snapshot.ts";
import type { RebuildableProjection } from "./rebuild-projection.ts";
import { redisSnapshot } from "./redis-snapshot.ts";
import { removeVersionKeys } from "./remove-version-keys.ts";
import { type CartLog, type TableVersionsOptions, tableVersions } from "./table-versions.ts";

/** The cart view in tables. */
export const tableCartViewVersions = (options: TableVersionsOptions): RebuildableProjection => {
  const { sql, schema, log } = options;
  return tableVersions(options, {
    projection: "cart-view",
    tableOf: cartViewTableOf,
    create: createCartViewTable,
    show: showCartViewTable,
    compare: (version, onProgress = () => {}) =>
      compareCartViews({ log, snapshot: postgresSnapshot({ sql, schema, log: log.name, version }), onProgress }),
  });
};

export type RedisCartViewVersionsOptions = { readonly redis: RedisClient; readonly prefix?: string; readonly log: CartLog };

/** The cart view in Redis. */
export const redisCartViewVersions = ({ redis, prefix = defaultKeyPrefix, log }: RedisCartViewVersionsOptions): RebuildableProjection => {
  const keys = cartViewKeys(prefix);
  return {
    projection: "cart-view",
    store: "redis",
    logs: [log],
    prepare: async () => {},
    async positions(version) {
      const marks = await redisCartViewStore({ redis, version, prefix }).marks(log.shards);
      return new Map([...marks].map(([shard, { position }]) => [shard, position]));
    },
    compare(version, onProgress = () => {}) {
      const keptSince = new Date(Date.now() - 1_000 * defaultViewTtlSeconds);
      return compareCartViews({ log, snapshot: redisSnapshot({ redis, version, prefix }), onProgress, keptSince });
    },
    show: async () => {},
    async shown(version) {
      await redis.set(keys.active, String(version));
    },
    async remove(version) {
      await removeVersionKeys(redis, { prefix, version });
    },
  };
};
