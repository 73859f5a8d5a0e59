import { cartViewKeys } from "@cartwright/read-model/redis/cart-view-keys";
import { redisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { redisError } from "@cartwright/read-model/redis/redis-errors";
import { figuresKeys } from "../figures/redis/figures-keys.ts";
import { scanned } from "./redis-snapshot.ts";

export type VersionKeys = { readonly prefix: string; readonly version: number };

/**
 * Removes all that a version of the cart view has in Redis. From the first moment on nothing of it is believed, and its marks go
 * last: whoever still feeds it begins anew only when all else is gone.
 */
export const removeVersionKeys = async (redis: RedisClient, { prefix, version }: VersionKeys): Promise<void> => {
  const keys = cartViewKeys(prefix).of(version);
  const store = redisCartViewStore({ redis, version, prefix });
  const marks: string[] = [];
  for await (const found of scanned(redis, keys.everyMark)) marks.push(...found);
  for (const mark of marks) await store.disbelieve(keys.shardOf(mark));
  for await (const found of scanned(redis, keys.every))
    await unlink(
      redis,
      found.filter((key) => !key.startsWith(keys.markPrefix)),
    );
  await unlink(redis, marks);
};

/** The same of the figures. The marks go first: who still counts into the version finds none to move. */
export const removeFiguresKeys = async (redis: RedisClient, { prefix, version }: VersionKeys): Promise<void> => {
  const keys = figuresKeys(prefix, version);
  for (const pattern of [keys.everyMark, keys.every]) for await (const found of scanned(redis, pattern)) await unlink(redis, found);
};

const unlink = async (redis: RedisClient, keys: readonly string[]) => {
  if (keys.length === 0) return;
  await redis.unlink(...keys).catch((error: unknown) => {
    throw redisError(error);
  });
};
