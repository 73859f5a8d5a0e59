import type { LogReader } from "@cartwright/event-log/event-log";
import { selectMarks } from "@cartwright/messaging/postgres/mark-rows";
import { cartViewTableOf, createCartViewTable, showCartViewTable } from "@cartwright/read-model/postgres/cart-view-tables";
import { cartViewKeys, defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import { redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import type postgres from "postgres";
import { cartViewGroupOf, type ViewStore } from "../projection-versions.ts";
import type { CartViewSnapshot } from "./compare-cart-views.ts";
import { postgresSnapshot } from "./postgres-snapshot.ts";
import { redisSnapshot, scanned } from "./redis-snapshot.ts";

/** What a rebuild does with a version of the cart view, wherever it is kept. */
export type VersionStore = {
  readonly store: ViewStore;
  /** Makes room for it, in the transaction in which it becomes known. */
  prepare(tx: postgres.TransactionSql, version: number): Promise<void>;
  /** How far each shard is. */
  positions(version: number): Promise<ReadonlyMap<number, bigint>>;
  snapshot(version: number): CartViewSnapshot;
  /** Has it read from now on, in the transaction that says so. */
  show(tx: postgres.TransactionSql, version: number): Promise<void>;
  /** Once `show` is committed. */
  shown(version: number): Promise<void>;
  /** Nobody reads or feeds it any more. */
  remove(version: number): Promise<void>;
};

export type TableVersionsOptions = { readonly sql: postgres.Sql; readonly schema: string; readonly log: Pick<LogReader, "name"> };

/** In tables. `sql` is the schema's owner. */
export const tableVersions = ({ sql, schema, log }: TableVersionsOptions): VersionStore => {
  const groupOf = (version: number) => cartViewGroupOf({ store: "postgres", version });
  return {
    store: "postgres",
    prepare: (tx, version) => createCartViewTable(tx, schema, version),
    async positions(version) {
      const marks = await selectMarks(sql, schema, { group: groupOf(version), log: log.name });
      return new Map([...marks].map(([shard, { position }]) => [shard, position]));
    },
    snapshot: (version) => postgresSnapshot({ sql, schema, log: log.name, version }),
    show: (tx, version) => showCartViewTable(tx, schema, version),
    shown: async () => {},
    remove: (version) =>
      sql.begin(async (tx) => {
        await tx.unsafe(`drop table if exists ${schema}.${cartViewTableOf(version)}`);
        for (const table of ["mark", "mark_shard", "parked_event", "parked_stream"])
          await tx`delete from ${tx(`${schema}.${table}`)} where consumer_group = ${groupOf(version)}`;
      }),
  };
};

export type RedisVersionsOptions = { readonly redis: RedisClient; readonly prefix?: string; readonly shards: number };

export const redisVersions = ({ redis, prefix = defaultKeyPrefix, shards }: RedisVersionsOptions): VersionStore => {
  const keys = cartViewKeys(prefix);
  return {
    store: "redis",
    prepare: async () => {},
    async positions(version) {
      const marks = await redisCartViewStore({ redis, version, prefix }).marks(shards);
      return new Map([...marks].map(([shard, { position }]) => [shard, position]));
    },
    snapshot: (version) => redisSnapshot({ redis, version, prefix }),
    show: async () => {},
    async shown(version) {
      await redis.set(keys.active, String(version));
    },
    async remove(version) {
      for await (const found of scanned(redis, keys.of(version).every)) if (found.length > 0) await redis.unlink(...found);
    },
  };
};
