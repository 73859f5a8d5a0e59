import { openRedisCartViews } from "@cartwright/read-model/redis/node/open-redis-cart-views";
import type { RedisConnection } from "@cartwright/read-model/redis/redis-connection";
import type { Logger } from "@cartwright/service-kit/logger";
import { nowAndThen } from "../now-and-then.ts";
import type { PostgresCartOptions } from "../postgres-cart.ts";

export type RedisViewsOptions = {
  readonly config: {
    readonly REDIS_CONNECTION_STRING?: RedisConnection | undefined;
    readonly UPSTASH_REDIS_REST_TOKEN?: string | undefined;
    readonly REDIS_TLS_CA?: string | undefined;
  };
  /** Where the projector's index of subjects' carts is. */
  readonly postgres: PostgresCartOptions["postgres"];
  readonly logger: Logger;
};

/** The read model in Redis, where one is configured. */
export const redisViews = ({ config, postgres, logger }: RedisViewsOptions): Pick<PostgresCartOptions, "openViews"> => {
  const { REDIS_CONNECTION_STRING: redis, UPSTASH_REDIS_REST_TOKEN: token, REDIS_TLS_CA: ca } = config;
  if (!redis) return {};
  const onAway = nowAndThen((err, untold) => logger.warn({ err, untold }, "Redis can't be read: lists are made from the log"), {
    now: () => new Date(),
  });
  return { openViews: (log) => openRedisCartViews({ redis, token, ca, postgres, log, onAway }) };
};
