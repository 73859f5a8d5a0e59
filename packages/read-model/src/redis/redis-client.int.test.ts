import { lacks } from "@cartwright/testkit/lacks";
import { sharedRedis } from "@cartwright/testkit/shared-redis";
import { describe, expect, test } from "vitest";
import { respOf } from "../testing/resp-of.ts";
import { upstashServer } from "../testing/upstash-server.ts";
import { openRedis } from "./node/open-redis.ts";
import { redisError } from "./redis-errors.ts";

const overResp = async () => {
  await using opened = new AsyncDisposableStack();
  const shared = opened.use(await sharedRedis());
  const { redis } = opened.use(openRedis(respOf(shared.url)));
  const held = opened.move();
  return { redis, key: (name: string) => shared.keyPrefix + name, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

const overRest = async () => {
  await using opened = new AsyncDisposableStack();
  const shared = opened.use(await sharedRedis());
  const { url, token } = opened.use(await upstashServer(respOf(shared.url)));
  const { redis } = opened.use(openRedis({ kind: "rest", url }, { token }));
  const held = opened.move();
  return { redis, key: (name: string) => shared.keyPrefix + name, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

describe.skipIf(lacks("redis")).each([
  ["RESP", overResp],
  ["REST", overRest],
])("a Redis over %s", (_protocol, open) => {
  test("gives text back as it went in, whatever it looks like", async () => {
    await using under = await open();
    const { redis, key } = under;
    const texts = ["1", "9007199254740993", "true", "null", "", "OK", '{"a":1}', "[1]", "Ноутбук 💻", "a\nb\r\n\0c", "0001", "1e3", '"q"'];
    for (const text of texts) {
      await redis.set(key("text"), text);
      expect(await redis.get<string>(key("text"))).toBe(text);
    }
    await redis.mset(Object.fromEntries(texts.map((text, index) => [key(String(index)), text])));
    expect(await redis.mget(...texts.map((_, index) => key(String(index))), key("nothing"))).toEqual([...texts, null] as never);
  });

  test("answers in the same shapes", async () => {
    await using under = await open();
    const { redis, key } = under;
    await redis.hset(key("hash"), { id: "007", price: "25000000" });
    expect(await redis.hgetall(key("hash"))).toEqual(["id", "007", "price", "25000000"] as never);
    await redis.zadd(key("sorted"), { score: 1.5, member: "1" }, { score: 2, member: "two" });
    expect(await redis.zrange(key("sorted"), 0, -1, { withScores: true })).toEqual(["1", "1.5", "two", "2"] as never);
    expect(String(await redis.zscore(key("sorted"), "two"))).toBe("2");
    expect(await redis.exists(key("hash"), key("nothing"))).toBe(1);
    expect(await redis.get(key("nothing"))).toBeNull();
    expect(await redis.eval("return {1, 'a', false, {'x', redis.status_reply('S')}}", [], [])).toEqual([1, "a", null, ["x", "S"]]);
  });

  test("runs a script that it does not know yet, and knows it then", async () => {
    await using under = await open();
    const { redis, key } = under;
    const script = redis.createScript<string>(`return redis.call('SET', KEYS[1], ARGV[1]) and '${crypto.randomUUID()}'`);
    const first = await script.exec([key("scripted")], ["7"]);
    expect(await script.evalsha([key("scripted")], ["8"])).toBe(first);
    expect(await redis.get<string>(key("scripted"))).toBe("8");
  });

  test("carries out pipelines, and transactions whole", async () => {
    await using under = await open();
    const { redis, key } = under;
    const counting = Array.from({ length: 50 }, () =>
      redis.multi().incr(key("left")).incr(key("right")).mget(key("left"), key("right")).exec(),
    );
    for (const [, , both] of await Promise.all(counting)) expect(new Set(both as never).size).toBe(1);
    expect(await redis.pipeline().set(key("a"), "1").get(key("a")).exec()).toEqual(["OK", "1"]);
  });

  test("says whether another try may help", async () => {
    await using under = await open();
    const { redis, key } = under;
    await redis.set(key("text"), "text");
    const refused = await redis.lpush(key("text"), "1").catch(redisError);
    expect(refused).toMatchObject({ name: "RedisRefused", retryable: false });
    const full = await redis.eval("return redis.error_reply('OOM command not allowed')", [], []).catch(redisError);
    expect(full).toMatchObject({ name: "RedisUnavailable", retryable: true });
  });
});

test("Upstash without its token is an error of the configuration", () => {
  expect(() => openRedis({ kind: "rest", url: "https://example.upstash.io" })).toThrow("UPSTASH_REDIS_REST_TOKEN");
});

test("REST that can't be reached may be asked again", async () => {
  const { redis } = openRedis({ kind: "rest", url: "http://127.0.0.1:1" }, { token: "t" });
  expect(await redis.get("x").catch(redisError)).toMatchObject({ name: "RedisUnavailable", retryable: true });
});
