import { openRedis } from "../redis/node/open-redis.ts";
import type { RedisClient } from "../redis/redis-client.ts";
import { respOf } from "./resp-of.ts";
import { upstashServer } from "./upstash-server.ts";

/** Opens a client of the plain Redis at `url`, which is given back with `opened`. */
export type RedisOver = (url: string, opened: AsyncDisposableStack) => Promise<RedisClient>;

/** For tests: the two protocols by which a Redis is used. */
export const redisOver: Readonly<Record<"RESP" | "REST", RedisOver>> = {
  RESP: async (url, opened) => opened.use(openRedis(respOf(url))).redis,
  REST: async (url, opened) => {
    const upstash = opened.use(await upstashServer(respOf(url)));
    return opened.use(openRedis({ kind: "rest", url: upstash.url }, { token: upstash.token })).redis;
  },
};
