import type { RedisClient } from "./redis-client.ts";
import { RedisMisconfigured, redisError } from "./redis-errors.ts";

/**
 * Makes sure that Redis never evicts by itself: a list without some of its carts, or a mark that is gone, would not be seen.
 *
 * @returns false where the server does not tell.
 * @throws {RedisMisconfigured} where it would evict.
 */
export const checkNoEviction = async (redis: RedisClient): Promise<boolean> => {
  const info = await redis.exec<string>(["INFO", "memory"]).catch((cause: unknown) => {
    const error = redisError(cause);
    if (error.retryable) throw error;
    return "";
  });
  const [, policy] = /^maxmemory_policy:(\S+)/m.exec(String(info)) ?? [];
  if (policy !== undefined && policy !== "noeviction")
    throw new RedisMisconfigured(
      `Redis has maxmemory-policy ${policy}, and would drop what it holds when it is full: set it to noeviction`,
    );
  return policy !== undefined;
};
