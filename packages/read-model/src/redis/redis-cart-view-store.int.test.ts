import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartStatus } from "@cartwright/contracts/cart-shapes";
import { shardOf } from "@cartwright/event-log/shard-of";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedRedis } from "@cartwright/testkit/shared-redis";
import { describe, expect, test } from "vitest";
import { type RedisOver, redisOver } from "../testing/redis-over.ts";
import { aCartId, aView, subject } from "../testing/views.ts";
import { cartViewKeys } from "./cart-view-keys.ts";
import { redisCartViewReader } from "./redis-cart-view-reader.ts";
import { redisCartViewStore } from "./redis-cart-view-store.ts";
import type { StoredMark } from "./stored-mark.ts";

const shards = 2;
const log = { shards, epoch: "e" };
const at = (position: bigint): StoredMark => ({ epoch: "e", position, eventId: position === 0n ? null : `event-${position}` });
const record = (parts: Parameters<typeof aView>[0] = {}) => ({ view: aView(parts), remainder: null });

/** Two shards of which nothing has been projected, in a log that holds nothing. */
const opening =
  (client: RedisOver) =>
  async ({ heads = [0n, 0n], viewTtlSeconds = 60, listTtlSeconds = 1_000 } = {}) => {
    await using opened = new AsyncDisposableStack();
    const { url, keyPrefix: prefix } = opened.use(await sharedRedis());
    const redis = await client(url, opened);
    const storeOf = (version: number) => redisCartViewStore({ redis, version, prefix, viewTtlSeconds, listTtlSeconds });
    const begin = (version: number) => storeOf(version).begin(new Map([0, 1].map((shard) => [shard, at(0n)])), heads);
    const keys = cartViewKeys(prefix);
    const show = (version: number) => redis.set(keys.active, String(version));
    await begin(1);
    await show(1);
    const held = opened.move();
    return {
      redis,
      keys,
      store: storeOf(1),
      storeOf,
      begin,
      show,
      reader: redisCartViewReader({ redis, log, prefix, listTtlSeconds }),
      /** As after a filling that found no carts. */
      fillLists: () => redis.set(keys.of(1).listed(subject), "whole", { ex: 100 }),
      [Symbol.asyncDispose]: () => held.disposeAsync(),
    };
  };

/** A cart that lives in this shard. */
const aCartIn = (shard: number) => {
  let cartId = aCartId();
  while (shardOf(cartStreamId(cartId), shards) !== shard) cartId = aCartId();
  return cartId;
};

describe.skipIf(lacks("redis"))("with Redis", () => {
  for (const [protocol, client] of Object.entries(redisOver)) {
    describe(`over ${protocol}, a flush`, () => flushPromises(opening(client)));
    describe(`over ${protocol}, what is read`, () => readPromises(opening(client)));
  }
});

type Open = ReturnType<typeof opening>;

const flushPromises = (open: Open) => {
  test("is there with its mark, if the mark was where the flush began", async () => {
    await using under = await open();
    const { store } = under;
    const written = record();
    expect(await store.write([written], { shard: 0, from: at(0n), to: at(3n) })).toEqual({ applied: true });
    expect(await store.load([written.view.cartId])).toEqual(new Map([[written.view.cartId, written]]));
    expect((await store.marks(shards)).get(0)).toEqual({ ...at(3n), isReady: true });
    expect((await store.marks(shards)).get(1)).toEqual({ ...at(0n), isReady: true });
  });

  test.each<[string, StoredMark]>([
    ["before", at(2n)],
    ["beyond", at(4n)],
    ["another event at the same place of", { ...at(3n), eventId: "another" }],
    ["of another epoch than", { ...at(3n), epoch: "f" }],
  ])("that begins %s the mark changes nothing, and is told the mark", async (_where, from) => {
    await using under = await open();
    const { store } = under;
    await store.write([], { shard: 0, from: at(0n), to: at(3n) });
    const late = record();
    const told = await store.write([late], { shard: 0, from, to: at(9n) });
    expect(told).toEqual({ applied: false, mark: { ...at(3n), isReady: true } });
    expect(await store.load([late.view.cartId])).toEqual(new Map());
    expect((await store.marks(shards)).get(0)).toMatchObject(at(3n));
  });

  test("finds no mark after Redis was wiped, and changes nothing", async () => {
    await using under = await open();
    const { redis, keys, store } = under;
    await redis.del(keys.of(1).mark(0));
    const late = record();
    expect(await store.write([late], { shard: 0, from: at(0n), to: at(1n) })).toEqual({ applied: false, mark: null });
    expect(await store.load([late.view.cartId])).toEqual(new Map());
    expect([...(await store.marks(shards)).keys()]).toEqual([1]);
  });

  test("begins where a mark is already without moving it", async () => {
    await using under = await open();
    const { store, begin } = under;
    await store.write([], { shard: 0, from: at(0n), to: at(3n) });
    await begin(1);
    expect((await store.marks(shards)).get(0)).toMatchObject(at(3n));
  });

  test("leaves a cart in the list of all and in that of its status, also where its view had run out", async () => {
    await using under = await open();
    const { redis, keys, store } = under;
    await under.fillLists();
    const { cartId, openedAt } = aView();
    const listsOfCart = async () => {
      const lists = ["all", "Open", "CheckingOut", "Ordered", "Cancelled", "Expired", "Merged"];
      const scores = await Promise.all(lists.map((list) => redis.zscore(keys.of(1).list(list, subject), cartId)));
      return lists.filter((_, index) => scores[index] !== null);
    };
    const changeTo = (status: CartStatus, version: number) => store.write([record({ cartId, openedAt, status, version })]);
    await changeTo("Open", 1);
    expect(await listsOfCart()).toEqual(["all", "Open"]);
    await changeTo("CheckingOut", 2);
    expect(await listsOfCart()).toEqual(["all", "CheckingOut"]);
    await redis.del(keys.of(1).view(cartId));
    await changeTo("Expired", 3);
    expect(await listsOfCart()).toEqual(["all", "Expired"]);
  });

  test("keeps a view for a time that begins anew with each change", async () => {
    await using under = await open({ viewTtlSeconds: 1_000 });
    const { redis, keys, store } = under;
    const { cartId } = aView();
    const key = keys.of(1).view(cartId);
    await store.write([record({ cartId, version: 1 })]);
    expect(await redis.ttl(key)).toBeGreaterThan(990);
    await redis.expire(key, 10);
    await store.write([record({ cartId, version: 2 })]);
    expect(await redis.ttl(key)).toBeGreaterThan(990);
    for (const kept of [keys.active, keys.of(1).mark(0)]) expect(await redis.ttl(kept)).toBe(-1);
  });

  test("adds nothing to lists that have run out, which are missing until they are filled, not short", async () => {
    await using under = await open();
    const { redis, keys, store, reader } = under;
    await store.write([record()]);
    expect(await reader.list(subject, { limit: 10 })).toBe("missing");
    expect(await redis.exists(keys.of(1).list("all", subject), keys.of(1).list("Open", subject))).toBe(0);
  });

  test("keeps the lists that it adds to for a time, as whoever reads them does; all of them longer than what says that they are whole", async () => {
    await using under = await open();
    const { redis, keys, store, reader } = under;
    const { listed, list } = keys.of(1);
    await under.fillLists();
    const opened = record();
    await store.write([opened]);
    expect(await redis.ttl(listed(subject))).toBeGreaterThan(990);
    await store.write([record({ ...opened.view, version: 2, status: "Cancelled" }), record()]);
    const kept = ["all", "Open", "Cancelled"];
    const shortest = async () => Math.min(...(await Promise.all(kept.map((which) => redis.ttl(list(which, subject))))));
    expect(await shortest()).toBeGreaterThan(80_000);

    await redis.expire(listed(subject), 501);
    await reader.list(subject, { limit: 1 });
    expect(await redis.ttl(listed(subject))).toBeLessThan(502);
    for (const key of [listed(subject), ...kept.map((which) => list(which, subject))]) await redis.expire(key, 400);
    await reader.list(subject, { limit: 1 });
    expect(await redis.ttl(listed(subject))).toBeGreaterThan(990);
    expect(await shortest()).toBeGreaterThan(80_000);
  });
};

const readPromises = (open: Open) => {
  test("is nothing of a shard that has not come to where the log was when its filling began", async () => {
    await using under = await open({ heads: [5n, 0n] });
    const { redis, keys, store, reader } = under;
    const [inFirst, inSecond] = [record({ cartId: aCartIn(0) }), record({ cartId: aCartIn(1) })];
    await store.write([inFirst], { shard: 0, from: at(0n), to: at(4n) });
    await store.write([inSecond], { shard: 1, from: at(0n), to: at(1n) });
    const cartIds = [inFirst.view.cartId, inSecond.view.cartId];
    await redis.zadd(keys.of(1).list("all", subject), { score: 1, member: cartIds[0] }, { score: 2, member: cartIds[1] });
    await under.fillLists();
    expect([...(await reader.getMany(cartIds)).keys()]).toEqual([inSecond.view.cartId]);
    expect(await reader.list(subject, { limit: 10 })).toBe("filling");
    expect(await reader.readiness()).toEqual({ version: 1, notReady: [0] });

    await store.write([], { shard: 0, from: at(4n), to: at(5n) });
    expect([...(await reader.getMany(cartIds)).keys()]).toEqual(cartIds);
    expect(new Set(await reader.list(subject, { limit: 10 }))).toEqual(new Set(cartIds));
    expect(await reader.readiness()).toEqual({ version: 1, notReady: [] });
  });

  test("is nothing once a mark is gone", async () => {
    await using under = await open();
    const { redis, keys, store, reader } = under;
    const written = record({ cartId: aCartIn(0) });
    await store.write([written], { shard: 0, from: at(0n), to: at(1n) });
    await redis.del(keys.of(1).mark(0));
    expect(await reader.getMany([written.view.cartId])).toEqual(new Map());
    expect(await reader.list(subject, { limit: 10 })).toBe("filling");
  });

  test("is another version from the very query after the swap, and nothing where none is shown", async () => {
    await using under = await open();
    const { redis, keys, storeOf, begin, show, reader } = under;
    await begin(2);
    const { cartId } = aView();
    await storeOf(1).write([record({ cartId, version: 1 })]);
    await storeOf(2).write([record({ cartId, version: 2 })]);
    const shown = async () => (await reader.getMany([cartId])).get(cartId)?.version;
    expect(await shown()).toBe(1);
    await show(2);
    expect(await shown()).toBe(2);
    await show(1);
    expect(await shown()).toBe(1);
    await redis.del(keys.active);
    expect(await shown()).toBeUndefined();
    expect(await reader.list(subject, { limit: 10 })).toBe("filling");
    expect(await reader.readiness()).toEqual({ version: null, notReady: [0, 1] });
  });

  test("is nothing of another epoch, of which the log was restored to an earlier time", async () => {
    await using under = await open();
    const { redis, keys, store, reader } = under;
    const written = record({ cartId: aCartIn(0) });
    await store.write([written], { shard: 0, from: at(0n), to: at(1n) });
    expect((await reader.getMany([written.view.cartId])).size).toBe(1);
    await redis.set(keys.of(1).mark(0), "f 1 event-1 0");
    expect(await reader.getMany([written.view.cartId])).toEqual(new Map());
    expect(await reader.list(subject, { limit: 10 })).toBe("filling");
    expect((await reader.readiness()).notReady).toEqual([0]);
  });

  test("is a list only where the shard of what was written is as far", async () => {
    await using under = await open();
    const { store, reader } = under;
    const written = record({ cartId: aCartIn(1) });
    const { cartId } = written.view;
    await under.fillLists();
    await store.write([written], { shard: 1, from: at(0n), to: at(4n) });
    await store.write([], { shard: 0, from: at(0n), to: at(9n) });
    expect(await reader.list(subject, { limit: 10, atLeast: { cartId, position: 5n } })).toBe("behind");
    expect(await reader.getMany([cartId], { cartId, position: 5n })).toEqual(new Map());
    expect(await reader.list(subject, { limit: 10, atLeast: { cartId, position: 4n } })).toEqual([cartId]);
    expect((await reader.getMany([cartId], { cartId, position: 4n })).size).toBe(1);
    expect(await reader.list(subject, { limit: 10, atLeast: { cartId: aCartIn(0), position: 9n } })).toEqual([cartId]);
  });
};
