import { parseRedisConnection, type RespConnection } from "../redis/redis-connection.ts";

/** For tests: a plain Redis by its URL. */
export const respOf = (url: string): RespConnection => {
  const parsed = parseRedisConnection(url);
  if (!parsed.ok || parsed.connection.kind !== "resp") throw new Error("not a plain Redis");
  return parsed.connection;
};
