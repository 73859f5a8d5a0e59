import { testRedis } from "./config.ts";
import { startRedis } from "./redis.ts";
import { sharedServer } from "./shared-server.ts";

/** Room of one's own in a Redis that others use too. It has no handle to kill or wipe the server: that takes `startRedis`. */
export type SharedRedis = AsyncDisposable & {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** Of every key that the test writes; these are removed when it is disposed. */
  readonly keyPrefix: string;
};

/**
 * A Redis for tests that do no harm. It is the one at `TEST_REDIS_CONNECTION_STRING` where that is set, else one that is
 * started once for the whole run.
 *
 * @throws {ServerUnavailable} when there is none, and none can be started.
 */
export const sharedRedis = async (): Promise<SharedRedis> => {
  const existing = testRedis();
  const url = existing === undefined ? await sharedServer("redis", startSharedRedis) : redisUrl(existing);
  const keyPrefix = `test-${crypto.randomUUID()}:`;
  return { url, keyPrefix, [Symbol.asyncDispose]: () => removeKeys(url, keyPrefix) };
};

/** Starts the one that is shared, and answers its address. */
export const startSharedRedis = async (): Promise<string> => (await startRedis()).url;

/** The URL of what `host:port[,password=…,ssl=true]` says too. */
export const redisUrl = (connectionString: string): string => {
  if (/^rediss?:\/\//.test(connectionString)) return connectionString;
  const [address, ...settings] = connectionString.split(",");
  const options = new Map(settings.map((setting) => [setting.slice(0, setting.indexOf("=")), setting.slice(setting.indexOf("=") + 1)]));
  const password = options.get("password");
  const scheme = options.get("ssl")?.toLowerCase() === "true" ? "rediss" : "redis";
  return `${scheme}://${password === undefined ? "" : `:${encodeURIComponent(password)}@`}${address}`;
};

const removeKeys = async (url: string, keyPrefix: string): Promise<void> => {
  const client = new Bun.RedisClient(url);
  try {
    let cursor = "0";
    do {
      const [next, keys]: [string, string[]] = await client.send("SCAN", [cursor, "MATCH", `${keyPrefix}*`, "COUNT", "1000"]);
      if (keys.length > 0) await client.send("UNLINK", keys);
      cursor = next;
    } while (cursor !== "0");
  } finally {
    client.close();
  }
};
