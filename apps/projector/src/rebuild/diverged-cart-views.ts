import type { LogReader } from "@cartwright/event-log/event-log";
import type { GroupOnLog, Mark } from "@cartwright/messaging/mark";
import { verdictOn } from "@cartwright/messaging/verify-marks";
import { defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import { redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import type postgres from "postgres";
import { fedVersions, groupOf, type VersionedProjection } from "../projection-versions.ts";
import { removeVersionKeys } from "./remove-version-keys.ts";

export type DivergedCartViewsOptions = {
  readonly redis: RedisClient;
  readonly prefix?: string;
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** The cart's, as it is now. */
  readonly log: Pick<LogReader, "name" | "shards" | "heads" | "read">;
};

/** A mark in Redis that was made in a history that the log no longer has. */
export type DivergedRedisMark = GroupOnLog & {
  readonly version: number;
  readonly shard: number;
  readonly from: Mark;
  readonly reason: string;
  /** The beginning: of views from a lost future nobody knows which these are, so that the version is filled anew. */
  readonly to: Mark;
};

const of: VersionedProjection = { projection: "cart-view", store: "redis" };

/** Of all versions of the cart view that are fed in Redis. */
export const divergedCartViews = async (options: DivergedCartViewsOptions): Promise<readonly DivergedRedisMark[]> => {
  const { redis, prefix = defaultKeyPrefix, sql, schema, log } = options;
  const { versions } = await fedVersions(sql, schema, of);
  const found: DivergedRedisMark[] = [];
  for (const version of versions) {
    const marks = await redisCartViewStore({ redis, version, prefix }).marks(log.shards);
    for (const { shard, from, reason, epoch } of await divergedFrom(log, marks)) {
      const to = { epoch, position: 0n, eventId: null };
      found.push({ group: groupOf({ ...of, version }), log: log.name, version, shard, from, reason, to });
    }
  }
  return found;
};

type Diverged = { readonly shard: number; readonly from: Mark; readonly reason: string; readonly epoch: string };

/** Which of these marks the log, as it is now, does not lead to. */
export const divergedFrom = async (
  log: Pick<LogReader, "heads" | "read">,
  marks: Iterable<readonly [shard: number, mark: Mark]>,
): Promise<readonly Diverged[]> => {
  const all = [...marks];
  const cursors = all.flatMap(([shard, { position }]) => (position > 0n ? [{ shard, after: position - 1n }] : []));
  const [{ epoch, heads }, events] = await Promise.all([log.heads(), cursors.length > 0 ? log.read(cursors, 1) : []]);
  const ids = new Map(events.map(({ shard, eventId }) => [shard, eventId]));
  return all.flatMap(([shard, from]) => {
    const verdict = verdictOn(from, { epoch, head: heads[shard] ?? 0n, eventIdAtMark: ids.get(shard) });
    return verdict.is === "diverged" ? [{ shard, from, reason: verdict.reason, epoch }] : [];
  });
};

/** Removes the versions that these marks are of: projectors fill them again from the beginning, and until then the log answers. */
export const recoverCartViews = async (
  { redis, prefix = defaultKeyPrefix }: Pick<DivergedCartViewsOptions, "redis" | "prefix">,
  diverged: readonly DivergedRedisMark[],
): Promise<void> => {
  for (const version of new Set(diverged.map((mark) => mark.version))) await removeVersionKeys(redis, { prefix, version });
};
