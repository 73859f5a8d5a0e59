import { cartStreamId } from "@cartwright/contracts/cart-events";
import { type CartId, SubjectId } from "@cartwright/contracts/ids";
import type { NewEvent } from "@cartwright/event-log/event-log";
import { cartViewKeys } from "@cartwright/read-model/redis/cart-view-keys";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedRedis } from "@cartwright/testkit/shared-redis";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { prepare, redisBench } from "../testing/redis-bench.ts";
import { shoppers } from "../testing/redis-shop.ts";
import { aCartId, asNew, eventsOfSteps, type ShoppingStep } from "../testing/shopping.ts";
import { cartViewGroup } from "./cart-view-projection.ts";

const open = async () => {
  await using opened = new AsyncDisposableStack();
  const { url, keyPrefix: prefix } = opened.use(await sharedRedis());
  const under = opened.use(await redisBench({ database: await testDatabase({ prepare }), url, prefix }));
  await under.show();
  const append = (cartId: CartId, events: readonly NewEvent[]) =>
    under.log.append({
      commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: events.length }],
      streams: [{ streamId: cartStreamId(cartId), expect: "any", events }],
    });
  const held = opened.move();
  return { ...under, append, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

const adding: readonly ShoppingStep[] = [0, 1, 2].map((product) => [0, product, 0]);

describe.skipIf(lacks("redis"))("the cart views in Redis", () => {
  test("equal the log after a first run, and after projectors have come and gone", async () => {
    await using under = await open();
    const shop = shoppers(under.log, { carts: 20, steps: 30 });
    while (!shop.isDone()) {
      await using projection = under.project();
      await projection.start();
      for (let append = 0; append < 60; append++) await shop.next();
      await projection.catchUp();
    }
    expect(await under.compare()).toEqual({ compared: shop.journal.size, differences: [] });
    const views = under.viewsOn();
    for (const [cartId, version] of shop.journal) expect((await views.get(cartId))?.version).toBe(version);
  }, 60_000);

  test("stand still for a cart whose event is not known here, and go on for its neighbours", async () => {
    await using under = await open();
    const cartId = aCartId();
    const [opening, ...more] = eventsOfSteps(cartId, adding).map(asNew);
    if (!opening) throw new Error("a first add is an event");
    const unknown = { ...opening, eventId: crypto.randomUUID(), type: "CartGiftWrapped" };
    const sink = under.sinkOn();
    await using projection = under.project({ sink });
    await projection.start();
    await under.append(cartId, [opening]);
    await under.append(cartId, [unknown]);
    await under.append(cartId, more);
    const shop = shoppers(under.log, { carts: 10, steps: 10 });
    while (!shop.isDone()) await shop.next();
    await projection.catchUp();
    const views = under.viewsOn();
    expect((await views.get(cartId))?.version).toBe(1);
    for (const [other, version] of shop.journal) expect((await views.get(other))?.version).toBe(version);
    const { parking } = sink.progress;
    expect(await parking.list({ group: cartViewGroup })).toMatchObject([
      { streamId: cartStreamId(cartId), waiting: 1 + more.length, reason: expect.stringContaining("CartGiftWrapped") },
    ]);

    const stream = { group: cartViewGroup, log: "cart", streamId: cartStreamId(cartId) };
    await parking.discard(stream, { eventId: unknown.eventId, reason: "a mistake", by: "ops" });
    await parking.retry(stream);
    // What is left builds on what was given up, so that the stream is parked again and its view stays as it was.
    const parked = await until(async () => (await parking.list({ group: cartViewGroup })).find(({ state }) => state === "parked"));
    expect(parked).toMatchObject({ waiting: more.length, reason: expect.stringContaining("CartGiftWrapped") });
    expect((await views.get(cartId))?.version).toBe(1);
  }, 60_000);

  test("show a cart whose view has run out from the log, and write it whole again with the cart's next event", async () => {
    await using under = await open();
    const cartId = aCartId();
    const events = eventsOfSteps(cartId, adding).map(asNew);
    await using projection = under.project();
    await projection.start();
    await under.append(cartId, events.slice(0, -1));
    await projection.catchUp();
    const key = cartViewKeys(under.prefix).of(1).view(cartId);
    await under.redis.pexpire(key, 1);
    await until(async () => (await under.redis.exists(key)) === 0);
    const views = under.viewsOn();
    const owner = SubjectId.parse("user-123");
    expect(await views.get(cartId)).toBeNull();
    expect((await views.listBySubject(owner, { limit: 5 })).views).toMatchObject([{ cartId, version: events.length - 1 }]);

    await under.append(cartId, events.slice(-1));
    await projection.catchUp();
    expect((await views.get(cartId))?.version).toBe(events.length);
    expect(await under.redis.ttl(key)).toBeGreaterThan(29 * 24 * 60 * 60);
    expect(await under.compare()).toEqual({ compared: 1, differences: [] });
  }, 60_000);
});
