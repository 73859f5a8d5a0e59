import type { LogReader } from "@cartwright/event-log/event-log";
import type { GroupOnLog, Mark } from "@cartwright/messaging/mark";
import { verdictOn } from "@cartwright/messaging/verify-marks";
import { defaultKeyPrefix } from "@cartwright/read-model/redis/cart-view-keys";
import { redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import type postgres from "postgres";
import { figuresGroupOf } from "../figures/figures-group.ts";
import { redisFiguresStore } from "../figures/redis/redis-figures-store.ts";
import { fedVersions, groupOf, type ProjectionName } from "../projection-versions.ts";
import type { RedisMarks } from "../redis-progress.ts";
import { removeVersionKeys } from "./remove-version-keys.ts";

export type DivergedInRedisOptions = {
  readonly redis: RedisClient;
  readonly prefix?: string;
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** One that is projected, as it is now. */
  readonly log: Pick<LogReader, "name" | "shards" | "heads" | "read">;
};

/** A mark in Redis that was made in a history that the log no longer has. */
export type DivergedRedisMark = GroupOnLog & {
  readonly version: number;
  readonly shard: number;
  readonly from: Mark;
  readonly reason: string;
  /** The beginning: what is from a lost future nobody can tell from the rest, so that all of it is filled anew. */
  readonly to: Mark;
};

/** Of all versions of the cart view that are fed in Redis. */
export const divergedCartViews = (options: DivergedInRedisOptions): Promise<readonly DivergedRedisMark[]> => {
  const { redis, prefix = defaultKeyPrefix } = options;
  return divergedIn(options, {
    projection: "cart-view",
    storeOf: (version) => redisCartViewStore({ redis, version, prefix }),
    groupOf: (version) => groupOf({ projection: "cart-view", store: "redis", version }),
  });
};

/** The same of the figures, of which each log that is counted has marks of its own. */
export const divergedFigures = (options: DivergedInRedisOptions): Promise<readonly DivergedRedisMark[]> => {
  const { redis, prefix = defaultKeyPrefix, log } = options;
  return divergedIn(options, {
    projection: "figures",
    storeOf: (version) => redisFiguresStore({ redis, version, log: log.name, prefix }),
    groupOf: (version) => figuresGroupOf({ store: "redis", version }, log.name),
  });
};

type VersionsInRedis = {
  readonly projection: ProjectionName;
  storeOf(version: number): Pick<RedisMarks, "marks">;
  groupOf(version: number): string;
};

const divergedIn = async ({ sql, schema, log }: DivergedInRedisOptions, of: VersionsInRedis): Promise<readonly DivergedRedisMark[]> => {
  const { versions } = await fedVersions(sql, schema, { projection: of.projection, store: "redis" });
  const found: DivergedRedisMark[] = [];
  for (const version of versions) {
    const place = { group: of.groupOf(version), log: log.name, version };
    for (const { epoch, ...mark } of await divergedFrom(log, await of.storeOf(version).marks(log.shards)))
      found.push({ ...mark, ...place, to: { epoch, position: 0n, eventId: null } });
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
  { redis, prefix = defaultKeyPrefix }: Pick<DivergedInRedisOptions, "redis" | "prefix">,
  diverged: readonly DivergedRedisMark[],
): Promise<void> => {
  for (const version of new Set(diverged.map((mark) => mark.version))) await removeVersionKeys(redis, { prefix, version });
};
