import type { CartId } from "@cartwright/contracts/ids";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { logSource } from "@cartwright/messaging/log-source";
import type { CartViews } from "@cartwright/read-model/cart-views";
import type { CartViewsBesideWriter } from "@cartwright/read-model/cart-views-over";
import { openPostgresCartViews } from "@cartwright/read-model/postgres/open-postgres-cart-views";
import { redisOver } from "@cartwright/read-model/testing/redis-over";
import { silentLogger } from "@cartwright/service-kit/logger";
import { lacks } from "@cartwright/testkit/lacks";
import { sharedRedis } from "@cartwright/testkit/shared-redis";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { startCartView } from "../cart-view/start-cart-view.ts";
import { fedVersions, type ViewStore } from "../projection-versions.ts";
import { limits, prepare, redisBench, schema } from "../testing/redis-bench.ts";
import { shoppers } from "../testing/redis-shop.ts";
import { redisCartViewVersions, tableCartViewVersions } from "./cart-view-versions.ts";
import { divergedCartViews, recoverCartViews } from "./diverged-in-redis.ts";
import {
  dropOtherVersions,
  type RebuildableProjection,
  type RebuildProgress,
  rebuildProjection,
  showVersionBefore,
} from "./rebuild-projection.ts";

type Bench = Awaited<ReturnType<typeof redisBench>>;

/** A projector that looks often which versions there are, on one store, and the views as another process reads them. */
const open = async (where: "postgres" | "redis" | "redis over REST") => {
  const store: ViewStore = where === "postgres" ? "postgres" : "redis";
  await using opened = new AsyncDisposableStack();
  const redisServer = store === "redis" ? opened.use(await sharedRedis()) : null;
  const database = await testDatabase({ prepare });
  const under: Bench = opened.use(
    await redisBench({
      database,
      url: redisServer?.url ?? "redis://127.0.0.1:1",
      ...(redisServer && { prefix: redisServer.keyPrefix }),
      ...(where === "redis over REST" && { over: redisOver.REST }),
    }),
  );
  const { sql, log, redis, prefix } = under;
  const projection = store === "redis" ? redisCartViewVersions({ redis, prefix, log }) : tableCartViewVersions({ sql, schema, log });
  const views: CartViewsBesideWriter =
    store === "redis"
      ? under.viewsOn()
      : opened.use(await openPostgresCartViews({ connection: under.connection, log, rememberLines: 10_000 }));
  const projecting = opened.use(
    await startCartView({
      log,
      source: () => logSource({ log }),
      sql,
      schema,
      ...(store === "redis" && { redis, prefix }),
      listener: views,
      logger: silentLogger,
      limits,
      everyMs: 20,
    }),
  );
  const held = opened.move();
  return {
    ...under,
    views,
    projection,
    projecting,
    rebuild: (onProgress: (progress: RebuildProgress) => void = () => {}) => rebuildProjection({ sql, schema, projection, onProgress }),
    fed: () => fedVersions(sql, schema, projection),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

/** What a shopper who knows a version is answered, over and over, until it is over; `wrong` has what should not have been. */
const asking = (views: CartViews, journal: ReadonlyMap<CartId, number>) => {
  const wrong: string[] = [];
  let isOver = false;
  const ask = async () => {
    while (!isOver) {
      for (const [cartId, version] of journal) {
        const view = await views.waitForVersion(cartId, version, { timeoutMs: 2_000 });
        if (!view || view.version < version) wrong.push(`${cartId}: ${view?.version} < ${version}`);
      }
      await new Promise(setImmediate);
    }
  };
  const asked = ask();
  return {
    async end() {
      isOver = true;
      await asked;
      return wrong;
    },
  };
};

describe.each(["postgres", "redis", "redis over REST"] as const)("a rebuild in %s", (store) => {
  const isSkipped = store !== "postgres" && lacks("redis");

  test.skipIf(isSkipped)(
    "is shown while shopping and looking go on, back and forth, and what is dropped is gone",
    async () => {
      await using under = await open(store);
      const shop = shoppers(under.log, { carts: 40, steps: 120 });
      for (let append = 0; append < 100; append++) await shop.next();
      await under.projecting.catchUp();
      let isShopping = true;
      const shopping = (async () => {
        while (isShopping && !shop.isDone()) {
          const cartId = await shop.next();
          // The next one once this one is shown.
          if (cartId) await under.views.waitForVersion(cartId, shop.journal.get(cartId) ?? 0, { timeoutMs: 2_000 });
        }
      })();
      const looking = asking(under.views, shop.journal);

      const progress: RebuildProgress[] = [];
      expect(await under.rebuild((step) => progress.push(step))).toMatchObject({ outcome: "shown", version: 2, before: 1 });
      expect(new Set(progress.map(({ step }) => step))).toEqual(new Set(["filling", "comparing"]));
      expect(await under.fed()).toEqual({ versions: [1, 2], shown: 2, refused: [], dropped: [] });
      const { sql, projection } = under;
      expect(await showVersionBefore({ sql, schema, projection })).toEqual({ outcome: "shown", version: 1 });
      expect(await showVersionBefore({ sql, schema, projection })).toEqual({ outcome: "none" });
      expect(await under.rebuild()).toMatchObject({ outcome: "shown", version: 2, before: 1 });
      expect(await dropOtherVersions({ sql, schema, projection, settleMs: 300 })).toEqual([1]);
      expect(await under.fed()).toEqual({ versions: [2], shown: 2, refused: [], dropped: [] });
      expect(await under.rebuild()).toMatchObject({ outcome: "shown", version: 3, before: 2 });

      isShopping = false;
      await shopping;
      expect(await looking.end()).toEqual([]);
      await under.projecting.look();
      await under.projecting.catchUp();
      expect(await under.projection.compare(3)).toEqual({ compared: shop.journal.size, differences: [] });
      for (const [cartId, version] of shop.journal) expect((await under.views.get(cartId))?.version).toBe(version);
      expect((await under.projection.positions(1, under.log.name)).size).toBe(0);
    },
    60_000,
  );

  test.skipIf(isSkipped)(
    "that is not what the log says is refused and listed, and the version before stays",
    async () => {
      await using under = await open(store);
      const shop = shoppers(under.log, { carts: 10, steps: 20 });
      while (!shop.isDone()) await shop.next();
      await under.projecting.catchUp();
      const [wrong = ""] = shop.journal.keys();
      const spoil = async () => {
        const key = `${under.prefix}cart-view:2:view:${wrong}`;
        if (store !== "postgres") await under.redis.set(key, ((await under.redis.get<string>(key)) ?? "").replace("EUR", "USD"));
        else await under.sql`update projector.cart_view_2 set view = replace(view, 'EUR', 'USD') where cart_id = ${wrong}`;
      };
      const { sql, projection } = under;
      const spoiling: RebuildableProjection = {
        ...projection,
        async compare(...args) {
          await spoil();
          return projection.compare(...args);
        },
      };
      const refused = await rebuildProjection({ sql, schema, projection: spoiling });
      expect(refused).toMatchObject({ outcome: "refused", version: 2, comparison: { compared: shop.journal.size } });
      expect(refused.outcome === "refused" && refused.comparison.differences.map(({ of }) => of)).toEqual([wrong]);
      expect(await under.fed()).toEqual({ versions: [1, 2], shown: 1, refused: [2], dropped: [] });
      expect(JSON.stringify(await under.views.get(wrong as CartId))).not.toContain("USD");

      // Once its fault is mended, another one is filled from the beginning; the wrong one is nothing to go on with or back to.
      expect(await under.rebuild()).toMatchObject({ outcome: "shown", version: 3, before: 1 });
      expect(await showVersionBefore({ sql, schema, projection })).toEqual({ outcome: "shown", version: 1 });
    },
    60_000,
  );

  test.skipIf(isSkipped)(
    "that nobody feeds says so",
    async () => {
      await using under = await open(store);
      await under.projecting[Symbol.asyncDispose]();
      const { sql, projection } = under;
      expect(await rebuildProjection({ sql, schema, projection, startTimeoutMs: 300 })).toEqual({ outcome: "notFed", version: 2 });
      expect(await until(() => under.fed())).toEqual({ versions: [1, 2], shown: 1, refused: [], dropped: [] });
    },
    60_000,
  );

  test.skipIf(isSkipped)(
    "is not taken back for a version that has not caught up",
    async () => {
      await using under = await open(store);
      const shop = shoppers(under.log, { carts: 5, steps: 10 });
      for (let append = 0; append < 10; append++) await shop.next();
      expect(await under.rebuild()).toMatchObject({ outcome: "shown", version: 2 });
      await under.projecting[Symbol.asyncDispose]();
      while (!shop.isDone()) await shop.next();
      const { sql, projection } = under;
      expect(await showVersionBefore({ sql, schema, projection, startTimeoutMs: 300 })).toEqual({ outcome: "notFed", version: 1 });
      expect((await under.fed()).shown).toBe(2);
    },
    60_000,
  );
});

describe.skipIf(lacks("redis"))("in Redis", () => {
  test("a projector that was frozen while a version was dropped takes away what it has written of it since", async () => {
    await using under = await open("redis");
    const { sql, log, redis, prefix, projection } = under;
    const shop = shoppers(log, { carts: 5, steps: 10 });
    for (let append = 0; append < 10; append++) await shop.next();
    expect(await under.rebuild()).toMatchObject({ outcome: "shown", version: 2 });
    const source = () => logSource({ log });
    await using frozen = await startCartView({
      ...{ log, source, sql, schema, redis, prefix, listener: under.views, logger: silentLogger, limits },
      everyMs: 3_600_000,
    });
    expect(await dropOtherVersions({ sql, schema, projection, settleMs: 300 })).toEqual([1]);
    while (!shop.isDone()) await shop.next();
    await until(async () => (await projection.positions(1, log.name)).size > 0);
    await frozen.look();
    expect((await redis.keys(`${prefix}cart-view:1:*`)) ?? []).toEqual([]);
    expect((await projection.positions(2, log.name)).size).toBe(log.shards);
  }, 60_000);

  test("the comparison finds carts in lists where they do not belong", async () => {
    await using under = await open("redis");
    const shop = shoppers(under.log, { carts: 4, steps: 10 });
    while (!shop.isDone()) await shop.next();
    await under.projecting.catchUp();
    const [listed = ""] = shop.journal.keys();
    const orphan = crypto.randomUUID();
    const { redis, prefix, projection } = under;
    expect((await projection.compare(1)).differences).toEqual([]);
    await redis.zadd(`${prefix}cart-view:1:carts:all:user:with:colons`, { score: 1, member: listed });
    await redis.zadd(`${prefix}cart-view:1:carts:placed:user-123`, { score: 1, member: orphan });
    expect(new Map((await projection.compare(1)).differences.map(({ of, reason }) => [of, reason]))).toEqual(
      new Map([
        [listed, "it is listed for user:with:colons, and is user-123's"],
        [orphan, "the log has no such cart"],
      ]),
    );
  }, 60_000);

  test("what is there of events that a restored log has lost is said, not shown, and made again when an operator recovers", async () => {
    await using under = await open("redis");
    const { sql, redis, prefix, projection, views } = under;
    const shop = shoppers(under.log, { carts: 6, steps: 15 });
    while (!shop.isDone()) await shop.next();
    await under.projecting.catchUp();
    expect(await divergedCartViews({ redis, prefix, sql, schema, log: under.log })).toEqual([]);
    await under.projecting[Symbol.asyncDispose]();

    // As after a restore to a moment before the last event of a shard, of which nobody has told the log.
    const [lost] = await sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      return tx<{ shard: number; position: string; cart_id: CartId }[]>`
        delete from cart.event e where (e.shard, e.position) = (select shard, max(position) from cart.event group by shard limit 1)
        returning shard, position, substring(stream_id from 6) as cart_id`;
    });
    const { shard = 0, position = "", cart_id: cartId = "" as CartId } = lost ?? {};
    await using log = await openPostgresEventLog({ connection: under.connection, schema: "cart" });
    const source = () => logSource({ log });
    await using projecting = await startCartView({
      ...{ log, source, sql, schema, redis, prefix, listener: views, logger: silentLogger, limits },
      everyMs: 20,
    });
    const place = { redis, prefix, sql, schema, log };
    await until(() => projecting.status().shards.some((each) => each.state === "stopped" && each.cause === "diverged"));
    await projecting.look();
    expect(await views.get(cartId)).toBeNull();
    expect((await under.viewsOn().check()).detail).toBe(`version 1; still being filled: shards ${shard}`);
    const diverged = await divergedCartViews(place);
    expect(diverged).toMatchObject([{ group: "projector.cart-view.redis", version: 1, shard, from: { position: BigInt(position) } }]);

    await recoverCartViews(place, diverged);
    const heads = async () => (await log.heads()).heads;
    const isFilled = async () => {
      const positions = await projection.positions(1, log.name);
      return (await heads()).every((head, each) => positions.get(each) === head);
    };
    await until(isFilled, { timeoutMs: 30_000 });
    expect(await projection.compare(1)).toEqual({ compared: shop.journal.size, differences: [] });
    expect((await under.viewsOn().check()).detail).toBe("version 1");
  }, 60_000);
});
