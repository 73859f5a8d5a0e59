import { Redis } from "@upstash/redis/cloudflare";
import { fastFailing } from "./fast-failing.ts";
import type { RedisClient } from "./redis-client.ts";

export type RestRedisOptions = {
  readonly url: string;
  readonly token: string;
  /** For one request, which carries all commands of one tick. Default 2,000 ms. */
  readonly timeoutMs?: number;
};

/**
 * Upstash by REST, wherever there is `fetch`. Commands of one tick go in one request. One that fails on the way is sent a second
 * time, so that what is sent must bear being carried out twice. While Upstash is away, commands fail at once.
 */
export const restRedis = ({ url, token, timeoutMs = 2_000 }: RestRedisOptions): RedisClient =>
  new FastFailingRedis({
    url,
    token,
    automaticDeserialization: false,
    enableAutoPipelining: true,
    enableTelemetry: false,
    retry: { retries: 1, backoff: () => 25 },
    signal: () => AbortSignal.timeout(timeoutMs),
  });

class FastFailingRedis extends Redis {
  constructor(config: ConstructorParameters<typeof Redis>[0]) {
    super(config);
    this.client = fastFailing(this.client);
  }
}
