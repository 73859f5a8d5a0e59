import type { EventLog, LogReader } from "@cartwright/event-log/event-log";
import { selectMarks } from "@cartwright/messaging/postgres/mark-rows";
import { cartViewTableOf, createCartViewTable, showCartViewTable } from "@cartwright/read-model/postgres/cart-view-tables";
import { cartViewKeys, defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import { defaultViewTtlSeconds, redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import type postgres from "postgres";
import { groupOf, type VersionedProjection } from "../projection-versions.ts";
import { compareCartViews } from "./compare-cart-views.ts";
import { postgresSnapshot } from "./postgres-snapshot.ts";
import type { RebuildableProjection } from "./rebuild-projection.ts";
import { redisSnapshot } from "./redis-snapshot.ts";
import { removeGroup } from "./remove-group.ts";
import { removeVersionKeys } from "./remove-version-keys.ts";

/** The cart's. */
type CartLog = LogReader & Pick<EventLog, "readStream">;

export type TableCartViewVersionsOptions = { readonly sql: postgres.Sql; readonly schema: string; readonly log: CartLog };

/** The cart view in tables. `sql` is the schema's owner. */
export const tableCartViewVersions = ({ sql, schema, log }: TableCartViewVersionsOptions): RebuildableProjection => {
  const of: VersionedProjection = { projection: "cart-view", store: "postgres" };
  return {
    ...of,
    logs: [log],
    prepare: (tx, version) => createCartViewTable(tx, schema, version),
    async positions(version) {
      const marks = await selectMarks(sql, schema, { group: groupOf({ ...of, version }), log: log.name });
      return new Map([...marks].map(([shard, { position }]) => [shard, position]));
    },
    compare: (version, onProgress = () => {}) =>
      compareCartViews({ log, snapshot: postgresSnapshot({ sql, schema, log: log.name, version }), onProgress }),
    show: (tx, version) => showCartViewTable(tx, schema, { version, group: groupOf({ ...of, version }) }),
    shown: async () => {},
    remove: (version) =>
      sql.begin(async (tx) => {
        await tx.unsafe(`drop table if exists ${schema}.${cartViewTableOf(version)}`);
        await removeGroup(tx, schema, groupOf({ ...of, version }));
      }),
  };
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
