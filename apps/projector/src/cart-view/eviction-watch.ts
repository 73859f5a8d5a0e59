import type { Clock } from "@cartwright/messaging/clock";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { RedisMisconfigured } from "@cartwright/read-model/redis/redis-errors";
import { checkNoEviction } from "@cartwright/read-model/redis/redis-health";
import type { Logger } from "@cartwright/service-kit/logger";

export type EvictionWatchOptions = {
  readonly redis: RedisClient;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly everyMs?: number;
};

/**
 * Looks again and again whether Redis would drop what it holds: a server that takes another's place brings its own settings. Called
 * often; it asks once a while, and at once where the last look found nobody.
 */
export const evictionWatch = ({ redis, logger, clock, everyMs = 60_000 }: EvictionWatchOptions) => {
  let notBefore = clock.now().getTime() + everyMs;
  return {
    async look(): Promise<void> {
      const now = clock.now().getTime();
      if (now < notBefore) return;
      notBefore = now + everyMs;
      try {
        await checkNoEviction(redis);
      } catch (err) {
        if (err instanceof RedisMisconfigured) logger.error({ err }, "Redis may drop carts from lists that nobody misses");
        else notBefore = now;
      }
    },
    /** Redis was not there: what comes back may be another one. */
    away(): void {
      notBefore = Number.NEGATIVE_INFINITY;
    },
  };
};
