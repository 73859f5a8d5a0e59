import { expect, test } from "vitest";
import { lacks } from "./lacks.ts";
import { type RedisPersistence, startRedis } from "./redis.ts";
import { redisUrl, sharedRedis } from "./shared-redis.ts";
import { until } from "./until.ts";

const timeout = 60_000;

/** A client for one question: it must not outlive a server that is killed. */
const ask = async (url: string, command: string, ...args: string[]): Promise<unknown> => {
  const client = new Bun.RedisClient(url);
  try {
    return await client.send(command, args);
  } finally {
    client.close();
  }
};

const ownRedis = test.skipIf(lacks("own redis"));

ownRedis.each<[RedisPersistence, string]>([
  ["none", "nothing"],
  ["snapshot", "saved"],
  ["always", "acknowledged"],
])("after a kill, persistence %s has %s", { timeout }, async (persistence, left) => {
  await using redis = await startRedis({ persistence });
  await ask(redis.url, "SET", "key", "saved");
  if (persistence === "snapshot") await ask(redis.url, "SAVE");
  await ask(redis.url, "SET", "key", "acknowledged");
  await redis.kill();
  expect(redis.pid).toBeUndefined();
  await redis.start();
  expect((await ask(redis.url, "GET", "key")) ?? "nothing").toBe(left);
});

ownRedis("a stop keeps what a kill would lose, and a wipe keeps nothing", { timeout }, async () => {
  await using redis = await startRedis({ persistence: "snapshot", password: "a secret" });
  await ask(redis.url, "SET", "key", "kept");
  await redis.stop();
  await redis.start();
  expect(await ask(redis.url, "GET", "key")).toBe("kept");
  await redis.wipe();
  expect(await ask(redis.url, "GET", "key")).toBeNull();
});

ownRedis("a replica takes over, without what had not reached it", { timeout }, async () => {
  await using primary = await startRedis();
  await using replica = await startRedis({ replicaOf: primary });
  await ask(primary.url, "SET", "early", "1");
  await until(() => ask(replica.url, "GET", "early"), { what: "the first write at the replica" });
  await replica.promote();
  await ask(primary.url, "SET", "late", "1");
  await primary.kill();
  expect(await ask(replica.url, "SET", "after", "1")).toBe("OK");
  expect(await ask(replica.url, "MGET", "early", "late", "after")).toEqual(["1", null, "1"]);
});

test.skipIf(lacks("redis"))("room in a shared Redis is one's own, and empty again after the test", { timeout }, async () => {
  await using other = await sharedRedis();
  let key: string;
  {
    await using mine = await sharedRedis();
    expect(mine.url).toBe(other.url);
    expect(mine.keyPrefix).not.toBe(other.keyPrefix);
    key = `${mine.keyPrefix}key`;
    await ask(mine.url, "SET", key, "1");
    await ask(other.url, "SET", `${other.keyPrefix}key`, "1");
  }
  expect(await ask(other.url, "GET", key)).toBeNull();
  expect(await ask(other.url, "GET", `${other.keyPrefix}key`)).toBe("1");
});

test.each([
  ["redis.test:6379", "redis://redis.test:6379"],
  ["redis.test:6380,password=a=b,ssl=True", "rediss://:a%3Db@redis.test:6380"],
  ["rediss://:x@redis.test:6380", "rediss://:x@redis.test:6380"],
])("an existing Redis at %s", (connectionString, url) => {
  expect(redisUrl(connectionString)).toBe(url);
});
