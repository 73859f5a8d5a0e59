import { Redis, type Requester } from "@upstash/redis";
import type { RedisClient } from "../redis-client.ts";
import type { RedisConnection } from "../redis-connection.ts";
import { RedisMisconfigured } from "../redis-errors.ts";
import { restRedis } from "../rest-redis.ts";
import { type RespRequesterOptions, respRequester } from "./resp-requester.ts";

export type OpenRedisOptions = RespRequesterOptions & {
  /** Of Upstash; not for a plain Redis. */
  readonly token?: string | undefined;
};

export type OpenRedis = Disposable & { readonly redis: RedisClient };

/**
 * A client of the Redis that a connection string names. Nothing is asked of it yet: a Redis that is away is found out by the
 * first command, and by each one until it is back.
 *
 * @throws {RedisMisconfigured} when the token is missing.
 */
export const openRedis = (connection: RedisConnection, { token, ...options }: OpenRedisOptions = {}): OpenRedis => {
  if (connection.kind === "rest") {
    if (!token) throw new RedisMisconfigured("REDIS_CONNECTION_STRING is https://, so UPSTASH_REDIS_REST_TOKEN is needed");
    return {
      redis: restRedis({ url: connection.url, token, ...(options.commandTimeoutMs && { timeoutMs: options.commandTimeoutMs }) }),
      [Symbol.dispose]() {},
    };
  }
  const requester = respRequester(connection, options);
  return { redis: new RawRedis(requester), [Symbol.dispose]: () => requester[Symbol.dispose]() };
};

/** With a requester of one's own the client takes no options, and would parse "1" and "true" into what was not written. */
class RawRedis extends Redis {
  constructor(requester: Requester) {
    super(requester);
    this.opts = { automaticDeserialization: false };
  }
}
