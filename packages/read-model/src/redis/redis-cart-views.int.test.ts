import { cartStreamId } from "@cartwright/contracts/cart-events";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { shardOf } from "@cartwright/event-log/shard-of";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedRedis } from "@cartwright/testkit/shared-redis";
import { describe } from "vitest";
import type { CartViewRecord, CartViewWriter } from "../cart-view-writer.ts";
import type { CartWritten } from "../cart-views.ts";
import { cartViewsConformance } from "../cart-views-conformance.ts";
import { inMemorySubjectCarts } from "../testing/in-memory-subject-carts.ts";
import { type RedisOver, redisOver } from "../testing/redis-over.ts";
import { cartViewKeys } from "./cart-view-keys.ts";
import { redisCartViewReader } from "./redis-cart-view-reader.ts";
import { redisCartViewStore } from "./redis-cart-view-store.ts";
import { redisCartViews } from "./redis-cart-views.ts";
import type { RedisClient } from "./redis-client.ts";
import { redisListFilling } from "./redis-list-filling.ts";

const shards = 16;

const open = (client: RedisOver) => async () => {
  await using opened = new AsyncDisposableStack();
  const shared = opened.use(await sharedRedis());
  const { keyPrefix: prefix } = shared;
  const redis = await client(shared.url, opened);
  const store = redisCartViewStore({ redis, version: 1, prefix });
  const log = inMemoryEventLog({ name: "cart", shards });
  const zero = { epoch: log.epoch, position: 0n, eventId: null };
  await store.begin(new Map(Array.from({ length: shards }, (_, shard) => [shard, zero])), []);
  await redis.set(cartViewKeys(prefix).active, "1");
  const subjectCarts = inMemorySubjectCarts();
  const viewsOn = (each: RedisClient) => {
    const place = { redis: each, log, prefix };
    const fill = redisListFilling({ ...place, subjectCarts, partSize: 7 });
    return redisCartViews({ reader: redisCartViewReader(place), fill, streams: log, subjectCarts: { page: async () => null } });
  };
  const elsewhere = viewsOn(await client(shared.url, opened));
  const resources = opened.move();
  return {
    views: viewsOn(redis),
    elsewhere,
    async flush(work: (writer: CartViewWriter) => Promise<void>, reached?: CartWritten) {
      const written: CartViewRecord[] = [];
      await work({
        load: store.load,
        async apply(records) {
          written.push(...records);
        },
      });
      const move = reached && {
        shard: shardOf(cartStreamId(reached.cartId), shards),
        from: zero,
        to: { ...zero, position: reached.position },
      };
      subjectCarts.add(written.map(({ view }) => view));
      await store.write(written, move);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

describe.skipIf(lacks("redis"))("with Redis", () => {
  cartViewsConformance("in Redis over RESP", open(redisOver.RESP));
  cartViewsConformance("in Redis over REST", open(redisOver.REST));
});
