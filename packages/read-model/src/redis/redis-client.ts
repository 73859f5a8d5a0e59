import type { Redis } from "@upstash/redis/cloudflare";

/** The one API by which Redis is used, whatever protocol is behind it. What comes back is text as it was written, never parsed. */
export type RedisClient = Redis;
