import { cartViewKeys } from "@cartwright/read-model/redis/cart-view-keys";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { redisError } from "@cartwright/read-model/redis/redis-errors";
import { scanned } from "./redis-snapshot.ts";

/** Removes all that a version of the cart view has in Redis. The marks go first: without them the rest is not believed. */
export const removeVersionKeys = async (redis: RedisClient, { prefix, version }: { prefix: string; version: number }): Promise<void> => {
  const keys = cartViewKeys(prefix).of(version);
  for (const pattern of [keys.everyMark, keys.every])
    for await (const found of scanned(redis, pattern)) {
      if (found.length > 0)
        await redis.unlink(...found).catch((error: unknown) => {
          throw redisError(error);
        });
    }
};
