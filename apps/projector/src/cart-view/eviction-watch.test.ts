import type { Clock } from "@cartwright/messaging/clock";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { RedisUnavailable } from "@cartwright/read-model/redis/redis-errors";
import { silentLogger } from "@cartwright/service-kit/logger";
import { fakeClock } from "@cartwright/testkit/fake-clock";
import { expect, test } from "vitest";
import { evictionWatch } from "./eviction-watch.ts";

/** A Redis that says what the test lets it say. */
const bench = () => {
  const time = fakeClock();
  let answer: () => string = () => "maxmemory_policy:noeviction\r\n";
  let asked = 0;
  const errors: unknown[] = [];
  const redis = {
    async exec() {
      asked += 1;
      return answer();
    },
  } as unknown as RedisClient;
  const clock: Clock = { now: time.now, after: () => () => {} };
  const logger = { ...silentLogger, error: (fields: object) => void errors.push(fields) };
  return {
    watch: evictionWatch({ redis, logger, clock }),
    advance: time.advance,
    errors,
    asked: () => asked,
    say: (next: () => string) => {
      answer = next;
    },
  };
};

test("a Redis that begins to evict is told of, once a minute and not with every look", async () => {
  const { watch, advance, errors, asked, say } = bench();
  await watch.look();
  expect(asked()).toBe(0);
  say(() => "maxmemory_policy:allkeys-lru\r\n");
  advance(60_000);
  for (let look = 0; look < 5; look++) await watch.look();
  expect([asked(), errors.length]).toEqual([1, 1]);
});

test("one that was away is looked at as soon as it is back", async () => {
  const { watch, errors, asked, say } = bench();
  say(() => {
    throw new RedisUnavailable("away");
  });
  watch.away();
  await watch.look();
  await watch.look();
  expect(asked()).toBe(2);
  say(() => "maxmemory_policy:allkeys-lru\r\n");
  await watch.look();
  expect([asked(), errors.length]).toEqual([3, 1]);
});
