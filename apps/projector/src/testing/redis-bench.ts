import { migrate } from "@cartwright/event-log/postgres/migrate";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { logSource } from "@cartwright/messaging/log-source";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import { subjectCartsIn } from "@cartwright/read-model/cart-views-from-log";
import { cartViewMigrations } from "@cartwright/read-model/postgres/cart-view-migrations";
import { projectionReadyMigrations } from "@cartwright/read-model/postgres/projection-ready-migrations";
import { subjectCartMigrations } from "@cartwright/read-model/postgres/subject-cart-migrations";
import { cartViewKeys } from "@cartwright/read-model/redis/cart-view-keys";
import { openRedis } from "@cartwright/read-model/redis/node/open-redis";
import { redisCartViewReader } from "@cartwright/read-model/redis/redis-cart-view-reader";
import { redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import { redisCartViews } from "@cartwright/read-model/redis/redis-cart-views";
import { parseRedisConnection } from "@cartwright/read-model/redis/redis-connection";
import { redisListFilling } from "@cartwright/read-model/redis/redis-list-filling";
import type { RedisOver } from "@cartwright/read-model/testing/redis-over";
import type postgres from "postgres";
import { type CartViewProjectionOptions, cartViewProjection } from "../cart-view/cart-view-projection.ts";
import { redisCartViewSink } from "../cart-view/redis-cart-view-sink.ts";
import { figuresMigrations } from "../figures/postgres/figures-migrations.ts";
import { projectorMigrations } from "../projection-versions.ts";
import { compareCartViews } from "../rebuild/compare-cart-views.ts";
import { redisSnapshot } from "../rebuild/redis-snapshot.ts";

export const schema = "projector";
export const limits = { headsMs: 50, maxBackoffMs: 50 };

export const prepare = async (sql: postgres.Sql) => {
  await migrate(sql, { schema, ...messagingMigrations });
  await migrate(sql, { schema, ...projectionReadyMigrations });
  await migrate(sql, { schema, ...cartViewMigrations });
  await migrate(sql, { schema, ...subjectCartMigrations });
  await migrate(sql, { schema, ...projectorMigrations });
  await migrate(sql, { schema, ...figuresMigrations });
};

type Database = AsyncDisposable & { readonly options: postgres.Options<Record<string, never>>; readonly sql: postgres.Sql };

export type RedisBenchOptions = { readonly database: Database; readonly url: string; readonly prefix?: string; readonly over?: RedisOver };

/** For tests: a cart's log, and its views in a Redis. */
export const redisBench = async ({ database, url, prefix = "cartwright:", over }: RedisBenchOptions) => {
  await using opened = new AsyncDisposableStack();
  opened.use(database);
  const log = opened.use(await openPostgresEventLog({ connection: database.options, schema: "cart" }));
  const clientAt = (where: string) => {
    const parsed = parseRedisConnection(where);
    if (!parsed.ok) throw new Error(parsed.reason);
    return opened.use(openRedis(parsed.connection, { commandTimeoutMs: 500, connectTimeoutMs: 500 })).redis;
  };
  const redis = over ? await over(url, opened) : clientAt(url);
  const storeOn = (client = redis, version = 1) => redisCartViewStore({ redis: client, version, prefix });
  const sinkOn = (client = redis, store = storeOn(client)) =>
    redisCartViewSink({ store, log, sql: database.sql, schema, listener: { applied() {}, doubted() {} } });
  const { active } = cartViewKeys(prefix);
  const resources = opened.move();
  return {
    sql: database.sql,
    connection: database.options,
    log,
    redis,
    prefix,
    clientAt: (where: string) => {
      const parsed = parseRedisConnection(where);
      if (!parsed.ok) throw new Error(parsed.reason);
      return resources.use(openRedis(parsed.connection, { commandTimeoutMs: 500, connectTimeoutMs: 500 })).redis;
    },
    storeOn,
    sinkOn,
    show: (version = 1, client = redis) => client.set(active, String(version)),
    viewsOn: (client = redis) =>
      redisCartViews({
        reader: redisCartViewReader({ redis: client, log, prefix }),
        fill: redisListFilling({ redis: client, log, prefix, subjectCarts: subjectCartsIn(log), partSize: 10 }),
        streams: log,
        subjectCarts: subjectCartsIn(log),
      }),
    project: (options: Partial<CartViewProjectionOptions> = {}) =>
      cartViewProjection({ log, source: logSource({ log }), sink: sinkOn(), limits, ...options }),
    compare: (client = redis, version = 1) => compareCartViews({ log, snapshot: redisSnapshot({ redis: client, version, prefix }) }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
