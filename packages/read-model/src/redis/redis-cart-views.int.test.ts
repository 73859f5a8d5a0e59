import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedRedis } from "@cartwright/testkit/shared-redis";
import { describe } from "vitest";
import type { CartViewRecord, CartViewWriter } from "../cart-view-writer.ts";
import { cartViewsConformance } from "../cart-views-conformance.ts";
import { respOf } from "../testing/resp-of.ts";
import { upstashServer } from "../testing/upstash-server.ts";
import { cartViewKeys } from "./cart-view-keys.ts";
import { openRedis } from "./node/open-redis.ts";
import { redisCartViewReader } from "./redis-cart-view-reader.ts";
import { redisCartViewStore } from "./redis-cart-view-store.ts";
import { redisCartViews } from "./redis-cart-views.ts";
import type { RedisClient } from "./redis-client.ts";

const shards = 16;

type OpenClient = (url: string, opened: AsyncDisposableStack) => Promise<RedisClient>;

const overResp: OpenClient = async (url, opened) => opened.use(openRedis(respOf(url))).redis;
const overRest: OpenClient = async (url, opened) => {
  const upstash = opened.use(await upstashServer(respOf(url)));
  return opened.use(openRedis({ kind: "rest", url: upstash.url }, { token: upstash.token })).redis;
};

const open = (client: OpenClient) => async () => {
  await using opened = new AsyncDisposableStack();
  const shared = opened.use(await sharedRedis());
  const { keyPrefix: prefix } = shared;
  const redis = await client(shared.url, opened);
  const store = redisCartViewStore({ redis, version: 1, prefix });
  const zero = { epoch: "e", position: 0n, eventId: null };
  await store.begin(new Map(Array.from({ length: shards }, (_, shard) => [shard, zero])), []);
  await redis.set(cartViewKeys(prefix).active, "1");
  const log = inMemoryEventLog({ name: "cart" });
  const viewsOn = (each: RedisClient) =>
    redisCartViews({ reader: redisCartViewReader({ redis: each, shards, prefix }), streams: log, subjectCarts: { page: async () => [] } });
  const elsewhere = viewsOn(await client(shared.url, opened));
  const resources = opened.move();
  return {
    views: viewsOn(redis),
    elsewhere,
    async flush(work: (writer: CartViewWriter) => Promise<void>) {
      const written: CartViewRecord[] = [];
      await work({
        load: store.load,
        async apply(records) {
          written.push(...records);
        },
      });
      await store.write(written);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

describe.skipIf(lacks("redis"))("with Redis", () => {
  cartViewsConformance("in Redis over RESP", open(overResp));
  cartViewsConformance("in Redis over REST", open(overRest));
});
