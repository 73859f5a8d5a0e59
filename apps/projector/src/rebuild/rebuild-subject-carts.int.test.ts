import { logSource } from "@cartwright/messaging/log-source";
import { postgresSubjectCarts } from "@cartwright/read-model/postgres/postgres-subject-carts";
import { silentLogger } from "@cartwright/service-kit/logger";
import { testDatabase } from "@cartwright/testkit/test-database";
import { expect, test } from "vitest";
import { fedVersions } from "../projection-versions.ts";
import { startSubjectCarts } from "../subject-carts/start-subject-carts.ts";
import { limits, prepare, redisBench, schema } from "../testing/redis-bench.ts";
import { shoppers } from "../testing/redis-shop.ts";
import { shopper } from "../testing/shopping.ts";
import { dropOtherVersions, type RebuildableProjection, rebuildProjection, showVersionBefore } from "./rebuild-projection.ts";
import { tableSubjectCartsVersions } from "./subject-carts-versions.ts";

/** A projector that keeps the index, and the index as lists fall back to it. */
const open = async () => {
  await using opened = new AsyncDisposableStack();
  const under = opened.use(await redisBench({ database: await testDatabase({ prepare }), url: "redis://127.0.0.1:1" }));
  const { sql, log } = under;
  const source = () => logSource({ log });
  const projecting = opened.use(await startSubjectCarts({ log, source, sql, schema, logger: silentLogger, limits, everyMs: 20 }));
  const held = opened.move();
  return {
    ...{ sql, log, projecting },
    index: postgresSubjectCarts({ sql, schema, shards: log.shards }),
    place: { sql, schema, projection: tableSubjectCartsVersions({ sql, schema, log }) },
    fed: () => fedVersions(sql, schema, { projection: "subject-carts", store: "postgres" }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

test("a rebuild puts right what was spoilt while shopping and listing go on; the spoilt version is the way back until it is dropped", async () => {
  await using under = await open();
  const { sql, index, place } = under;
  const shop = shoppers(under.log, { carts: 40, steps: 120 });
  while (shop.journal.size < 20) await shop.next();
  await under.projecting.catchUp();
  const [lost = "", moved = ""] = shop.journal.keys();
  await sql`delete from projector.subject_cart where cart_id = ${lost}`;
  await sql`update projector.subject_cart set subject = 'user-9' where cart_id = ${moved}`;
  expect((await place.projection.compare(2)).differences).toEqual([
    { of: lost, reason: expect.stringContaining("it is listed in {}, and should be in") },
    { of: moved, reason: "it is listed for user-9, and is user-123's" },
  ]);

  let isShopping = true;
  const listed: (number | undefined)[] = [];
  const going = (async () => {
    while (isShopping) {
      await shop.next();
      listed.push((await index.page(shopper, { limit: 1_000 }))?.length);
    }
  })();
  expect(await rebuildProjection(place)).toMatchObject({ outcome: "shown", version: 3, before: 2, comparison: { differences: [] } });
  isShopping = false;
  await going;
  // Somebody was answered all the while, and by nothing that was still being filled.
  expect(listed.filter((carts) => carts === undefined || carts < 18)).toEqual([]);
  while (!shop.isDone()) await shop.next();
  await under.projecting.look();
  await under.projecting.catchUp();
  expect(new Set((await index.page(shopper, { limit: 1_000 }))?.map(({ cartId }) => cartId))).toEqual(new Set(shop.journal.keys()));
  const placed = await index.page(shopper, { by: "placedAt", limit: 1_000 });
  expect(placed?.length).toBeGreaterThan(0);
  expect(await place.projection.compare(3)).toEqual({ compared: shop.journal.size, differences: [] });

  expect(await showVersionBefore(place)).toEqual({ outcome: "shown", version: 2 });
  expect(await index.page(shopper, { limit: 1_000 })).toHaveLength(shop.journal.size - 2);
  expect(await rebuildProjection(place)).toMatchObject({ outcome: "shown", version: 3, before: 2 });
  expect(await dropOtherVersions({ ...place, settleMs: 300 })).toEqual([2]);
  expect(await under.fed()).toEqual({ versions: [3], shown: 3, refused: [], dropped: [] });
  expect(await sql`select from pg_tables where schemaname = 'projector' and tablename = 'subject_cart'`).toHaveLength(0);
  expect((await place.projection.positions(2, "cart")).size).toBe(0);
  expect(await index.page(shopper, { limit: 1_000 })).toHaveLength(shop.journal.size);
}, 60_000);

test("a new version that is not what the log says is refused and listed, and the version before stays", async () => {
  await using under = await open();
  const { sql, place } = under;
  const shop = shoppers(under.log, { carts: 10, steps: 20 });
  while (!shop.isDone()) await shop.next();
  const [wrong = ""] = shop.journal.keys();
  const spoiling: RebuildableProjection = {
    ...place.projection,
    async compare(...args) {
      await sql`update projector.subject_cart_3 set opened_at = opened_at + interval '1 ms' where cart_id = ${wrong}`;
      return place.projection.compare(...args);
    },
  };
  const refused = await rebuildProjection({ ...place, projection: spoiling });
  expect(refused).toMatchObject({ outcome: "refused", version: 3, comparison: { differences: [{ of: wrong }] } });
  expect(await under.fed()).toEqual({ versions: [2, 3], shown: 2, refused: [3], dropped: [] });
  expect(await rebuildProjection(place)).toMatchObject({ outcome: "shown", version: 4, before: 2 });
}, 60_000);
