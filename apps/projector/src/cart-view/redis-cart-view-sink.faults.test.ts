import type { CartId } from "@cartwright/contracts/ids";
import { logSource } from "@cartwright/messaging/log-source";
import type { Sink } from "@cartwright/messaging/sink";
import { cartViewKeys } from "@cartwright/read-model/redis/cart-view-keys";
import { silentLogger } from "@cartwright/service-kit/logger";
import { lacks } from "@cartwright/testkit/lacks";
import { startRedis } from "@cartwright/testkit/redis";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { fedVersions } from "../projection-versions.ts";
import { redisCartViewVersions } from "../rebuild/cart-view-versions.ts";
import { rebuildProjection } from "../rebuild/rebuild-projection.ts";
import { limits, prepare, redisBench, schema } from "../testing/redis-bench.ts";
import { shoppers } from "../testing/redis-shop.ts";
import { shopper } from "../testing/shopping.ts";
import type { CartViewTools } from "./cart-view-sink.ts";
import { startCartView } from "./start-cart-view.ts";

type RedisServer = Awaited<ReturnType<typeof startRedis>>;

const open = async (server: RedisServer) => {
  const bench = await redisBench({ database: await testDatabase({ prepare }), url: server.url });
  await bench.show();
  return bench;
};

type Bench = Awaited<ReturnType<typeof open>>;

/** Shoppers shop to the end, `disturb` happens again and again meanwhile, and each who knows a version asks for it. */
const shopWhile = async (under: Bench, disturb: () => Promise<unknown>, { readOn = under.redis, everyRounds = 8 } = {}) => {
  const shop = shoppers(under.log, { carts: 25, steps: 60 });
  const views = under.viewsOn(readOn);
  const older: string[] = [];
  let isShopping = true;
  let rounds = 0;
  const disturbing = (async () => {
    for (let next = everyRounds; isShopping; next = rounds + everyRounds) {
      await until(() => rounds >= next || !isShopping, { timeoutMs: 60_000, what: "shoppers who go on" });
      await disturb();
    }
  })();
  const ask = async (cartId: CartId) => {
    const atLeast = shop.journal.get(cartId) ?? 0;
    // Null, or an error, is answered from the log.
    const view = await views.waitForVersion(cartId, atLeast, { timeoutMs: 30 }).catch(() => null);
    if (view && view.version < atLeast) older.push(`${cartId} ${view.version} < ${atLeast}`);
    // Fills the lists, and keeps them filled.
    await views.listBySubject(shopper, { limit: 5 });
  };
  for (;;) {
    const cartIds = await Promise.all([1, 2, 3].map(() => shop.next()));
    if (cartIds.every((cartId) => cartId === null)) break;
    await Promise.all(cartIds.map((cartId) => cartId && ask(cartId)));
    rounds++;
  }
  isShopping = false;
  await disturbing;
  expect(older).toEqual([]);
  return shop;
};

/** At rest every view equals the fold of its stream, and every list the log. */
const expectAllEqual = async (under: Bench, carts: number, client = under.redis) => {
  const views = under.viewsOn(client);
  await until(async () => (await views.check()).detail === "version 1", { timeoutMs: 60_000, what: "all shards being ready" });
  await until(
    async () => {
      const marks = await under.storeOn(client).marks(under.log.shards);
      return (await under.log.heads()).heads.every((head, shard) => marks.get(shard)?.position === head);
    },
    { timeoutMs: 60_000, what: "marks at the heads" },
  );
  expect(await under.compare(client)).toEqual({ compared: carts, differences: [] });
  // Whether or not the lists were still there: they are now, and compared.
  expect((await views.listBySubject(shopper, { limit: 1_000 })).views).toHaveLength(carts);
  expect(await client.get(cartViewKeys(under.prefix).of(1).listed(shopper))).toBe("whole");
  expect(await under.compare(client)).toEqual({ compared: carts, differences: [] });
};

describe.skipIf(lacks("own redis"))("views in Redis equal the log at rest", () => {
  test("after it was wiped again and again under load", async () => {
    await using server = await startRedis();
    await using under = await open(server);
    await using projection = under.project();
    await projection.start();
    const wipe = async () => {
      await server.wipe();
      await under.show();
    };
    const shop = await shopWhile(under, wipe, { everyRounds: 20 });
    await expectAllEqual(under, shop.journal.size);
  }, 120_000);

  test("after it was wiped while nothing happened", async () => {
    await using server = await startRedis();
    await using under = await open(server);
    await using projection = under.project();
    await projection.start();
    const shop = await shopWhile(under, async () => {});
    await projection.catchUp();
    await server.wipe();
    await under.show();
    await expectAllEqual(under, shop.journal.size);
  }, 120_000);

  test.each(["none", "everySecond", "always"] as const)(
    "after kill -9 under load, where it keeps: %s",
    async (persistence) => {
      await using server = await startRedis({ persistence });
      await using under = await open(server);
      await using projection = under.project();
      await projection.start();
      const killAndStart = async () => {
        await server.kill();
        await server.start();
        await until(() => under.show());
      };
      const shop = await shopWhile(under, killAndStart, { everyRounds: 35 });
      await expectAllEqual(under, shop.journal.size);
    },
    60_000,
  );

  test("after it lost what it had written since its last snapshot, and nothing happens any more", async () => {
    await using server = await startRedis({ persistence: "snapshot" });
    await using under = await open(server);
    await using projection = under.project();
    await projection.start();
    const shop = shoppers(under.log, { carts: 20, steps: 20 });
    for (let append = 0; append < 60; append++) await shop.next();
    await projection.catchUp();
    await under.redis.exec(["SAVE"]);
    while (!shop.isDone()) await shop.next();
    await projection.catchUp();
    await server.kill();
    await server.start();
    await expectAllEqual(under, shop.journal.size);
  }, 120_000);

  test("after it lost what it had written, where only the next flush finds out", async () => {
    await using server = await startRedis({ persistence: "snapshot" });
    await using under = await open(server);
    await using projection = under.project({ limits: { ...limits, headsMs: 60_000 } });
    await projection.start();
    const before = shoppers(under.log, { carts: 30, steps: 20 });
    for (let append = 0; append < 80; append++) await before.next();
    await projection.catchUp();
    await under.redis.exec(["SAVE"]);
    while (!before.isDone()) await before.next();
    await projection.catchUp();
    await server.kill();
    await server.start();
    // Others shop on, in every shard.
    const after = shoppers(under.log, { carts: 150, steps: 4 });
    while (!after.isDone()) await after.next();
    await expectAllEqual(under, before.journal.size + after.journal.size);
  }, 120_000);

  test("after a failover to a replica that lacks the last writes", async () => {
    await using primary = await startRedis();
    await using replica = await startRedis({ replicaOf: primary });
    await using under = await open(primary);
    const shop = shoppers(under.log, { carts: 20, steps: 40 });
    {
      await using projection = under.project();
      await projection.start();
      for (let append = 0; append < 100; append++) await shop.next();
      await projection.catchUp();
      const atReplica = under.clientAt(replica.url);
      await until(async () => (await under.storeOn(atReplica).marks(under.log.shards)).size === under.log.shards);
      // The replica stands still while the primary goes on, and then the primary is gone.
      process.kill(replica.pid ?? 0, "SIGSTOP");
      for (let append = 0; append < 100; append++) await shop.next();
      await projection.catchUp();
    }
    await primary.kill();
    process.kill(replica.pid ?? 0, "SIGCONT");
    await replica.promote();
    const promoted = under.clientAt(replica.url);
    await using projection = under.project({ sink: under.sinkOn(promoted) });
    await projection.start();
    while (!shop.isDone()) await shop.next();
    await expectAllEqual(under, shop.journal.size, promoted);
  }, 120_000);

  test("with two projectors, each frozen now and then in the middle of a flush", async () => {
    await using server = await startRedis();
    await using under = await open(server);
    let isOver = false;
    let isFrozen = false;
    let writes = 0;
    // Between what it has read and what it writes, until the other one has written.
    const frozen = (store: ReturnType<typeof under.storeOn>): typeof store => ({
      ...store,
      async write(...args) {
        if (!isFrozen && Math.random() < 0.3) {
          isFrozen = true;
          const before = writes;
          await until(() => writes > before || isOver, { timeoutMs: 60_000, what: "a write of the other one" });
          isFrozen = false;
        }
        writes++;
        return store.write(...args);
      },
    });
    const another = under.clientAt(server.url);
    await using one = under.project({ sink: under.sinkOn(under.redis, frozen(under.storeOn())) });
    await using other = under.project({ sink: under.sinkOn(another, frozen(under.storeOn(another))) });
    await Promise.all([one.start(), other.start()]);
    const shop = await shopWhile(under, async () => {});
    isOver = true;
    await expectAllEqual(under, shop.journal.size);
  }, 120_000);

  test("when every flush is sent twice, and its first answer lost", async () => {
    await using server = await startRedis();
    await using under = await open(server);
    const twice = (sink: Sink<CartViewTools, void>): Sink<CartViewTools, void> => ({
      ...sink,
      async flush(of, steps) {
        await sink.flush(of, steps);
        return sink.flush(of, steps);
      },
    });
    await using projection = under.project({ sink: twice(under.sinkOn()) });
    await projection.start();
    const shop = await shopWhile(under, async () => {});
    await expectAllEqual(under, shop.journal.size);
  }, 120_000);

  test("when a flush fails half way, before its script and after it", async () => {
    await using server = await startRedis();
    await using under = await open(server);
    class Away extends Error {
      override readonly name = "Away";
      readonly retryable = true;
    }
    const breaking = (sink: Sink<CartViewTools, void>): Sink<CartViewTools, void> => ({
      ...sink,
      async flush(of, steps) {
        if (Math.random() < 0.2) throw new Away();
        const outcomes = await sink.flush(of, steps);
        if (Math.random() < 0.2) throw new Away();
        return outcomes;
      },
    });
    await using projection = under.project({ sink: breaking(under.sinkOn()) });
    await projection.start();
    const shop = await shopWhile(under, async () => {});
    await expectAllEqual(under, shop.journal.size);
  }, 120_000);

  test("in a version that was rebuilt meanwhile, with Redis wiped and killed under load", async () => {
    await using server = await startRedis({ persistence: "everySecond" });
    await using under = await open(server);
    const { sql, log, redis } = under;
    await using projecting = await startCartView({
      log,
      source: () => logSource({ log }),
      sql,
      schema,
      redis,
      listener: { applied() {}, doubted() {} },
      logger: silentLogger,
      limits,
      everyMs: 50,
    });
    const projection = redisCartViewVersions({ redis, log });
    let isOver = false;
    const rebuilding = (async () => {
      const shown: number[] = [];
      while (!isOver) {
        // With Redis away, or wiped in the middle of the comparison, it is tried again.
        const rebuilt = await rebuildProjection({ sql, schema, projection }).catch(() => null);
        if (rebuilt?.outcome === "shown") shown.push(rebuilt.version);
      }
      return shown;
    })();
    let count = 0;
    const disturb = async () => {
      count += 1;
      if (count % 2 === 0) return server.wipe();
      await server.kill();
      await server.start();
    };
    const shop = await shopWhile(under, disturb, { everyRounds: 50 });
    await until(async () => (await fedVersions(sql, schema, projection)).shown > 1, { timeoutMs: 60_000 });
    isOver = true;
    expect((await rebuilding).length).toBeGreaterThan(0);
    await projecting.look();
    const { shown } = await fedVersions(sql, schema, projection);
    await until(async () => (await under.viewsOn().check()).detail === `version ${shown}`, { timeoutMs: 60_000 });
    await projecting.catchUp();
    expect(await under.compare(redis, shown)).toEqual({ compared: shop.journal.size, differences: [] });
  }, 120_000);

  test("and the comparison finds what does not", async () => {
    await using server = await startRedis();
    await using under = await open(server);
    await using projection = under.project();
    await projection.start();
    const shop = shoppers(under.log, { carts: 10, steps: 20 });
    while (!shop.isDone()) await shop.next();
    await expectAllEqual(under, shop.journal.size);
    const [gone = "", changed = "", unlisted = ""] = shop.journal.keys();
    const key = (cartId: string) => `cartwright:cart-view:1:view:${cartId}`;
    await under.redis.del(key(gone));
    await under.redis.set(key(changed), ((await under.redis.get<string>(key(changed))) ?? "").replace("EUR", "USD"));
    await under.redis.zrem("cartwright:cart-view:1:carts:all:user-123", unlisted);
    await under.redis.set(key(crypto.randomUUID()), "1 Open\n{}\n{}");
    const { differences } = await under.compare();
    expect(differences).toHaveLength(4);
    expect(
      differences
        .slice(0, 3)
        .map(({ of }) => of)
        .sort(),
    ).toEqual([gone, changed, unlisted].sort());
    expect(differences[3]?.reason).toBe("the log has no such cart");
    expect(await under.sql`select count(*)::integer as count from ${under.sql(`${schema}.parked_stream`)}`).toMatchObject([{ count: 0 }]);
  }, 120_000);
});
