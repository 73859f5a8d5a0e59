import { CorrelationId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { ProductData } from "@cartwright/contracts/product-data";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { tail } from "@cartwright/event-log/tailer";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { expect, test } from "vitest";
import type { Caller } from "../carts/caller.ts";
import { tablesProjection } from "../tables-projection.ts";
import { catalog } from "./catalog.ts";
import { catalogModel } from "./catalog-model.ts";
import { catalogMigrations } from "./postgres/catalog-migrations.ts";
import { postgresCatalogTable } from "./postgres/postgres-catalog-table.ts";

const schema = "cart";
const prepare = async (sql: postgres.Sql) => {
  await migrate(sql, { schema, ...messagingMigrations });
  await migrate(sql, { schema, ...catalogMigrations });
};

/** One process of the cart service, as far as the catalogue goes. */
const startProcess = async (db: TestDatabase) => {
  await using started = new AsyncDisposableStack();
  const log = started.use(await openPostgresEventLog({ connection: db.options, schema }));
  const tailer = await tail({ log });
  started.defer(() => tailer.stop());
  const projection = started.use(tablesProjection({ log, tailer, sql: db.sql, schema }));
  await projection.start();
  const service = catalog({
    log,
    tailer,
    handler: commandHandler({ log, model: catalogModel }),
    table: postgresCatalogTable(db.sql, schema),
    defaultCurrency: "EUR",
    now: () => new Date(),
  });
  started.defer(service.stop);
  const resources = started.move();
  return { ...service, tailer, projection, [Symbol.asyncDispose]: () => resources.disposeAsync() };
};

const merchant: Caller = {
  subject: SubjectId.parse("user-merchant"),
  kind: "user",
  scopes: new Set(),
  correlationId: CorrelationId.parse("test"),
};
const id = (text: string) => ProductId.parse(text);
const product = (name: string, eur: number) =>
  ProductData.parse({
    name,
    description: "",
    category: null,
    stockId: null,
    image: null,
    tags: [],
    prices: [{ amountMinor: eur, currency: "EUR" }],
  });
const everything = { sort: "name", limit: 100 } as const;
type Process = Awaited<ReturnType<typeof startProcess>>;

const priceSeenBy = async (process: Process, productId: ProductId) => {
  const listing = (await process.products([productId])).get(productId)?.listing;
  return listing && listing.status !== "absent" ? listing.product.prices[0]?.amountMinor : undefined;
};
const listedBy = async (process: Process) => {
  const result = await process.list(everything);
  if (!result.ok) throw new Error("the list was refused");
  return result.value.items.map(({ productId, price }) => [productId, price.amountMinor]);
};

test("what was put is in carts and lists of every process once the put is answered", async () => {
  await using db = await testDatabase({ prepare });
  await using one = await startProcess(db);
  await using other = await startProcess(db);
  const laptop = id("prod-456");
  expect(await priceSeenBy(one, laptop)).toBeUndefined();
  expect(await priceSeenBy(other, laptop)).toBeUndefined();

  for (const price of [100, 200, 300]) {
    const put = await one.put(merchant, { productId: laptop, product: product("Gaming Laptop", price) });
    expect(put).toMatchObject({ ok: true, value: { version: price / 100, changed: true } });
    expect(await priceSeenBy(one, laptop)).toBe(price);
    expect(await listedBy(one)).toEqual([[laptop, price]]);
    expect(await listedBy(other)).toEqual([[laptop, price]]);
    await other.tailer.catchUp();
    expect(await priceSeenBy(other, laptop)).toBe(price);
  }
});

test("carts see a price at once also while the tables lag behind", async () => {
  await using db = await testDatabase({ prepare });
  await using one = await startProcess(db);
  await one.projection.stop();
  const laptop = id("prod-456");
  const put = one.put(merchant, { productId: laptop, product: product("Gaming Laptop", 100) });
  await one.tailer.waitBeyond(
    Array.from({ length: 16 }, (_, shard) => ({ shard, after: 0n })),
    AbortSignal.timeout(5_000),
  );
  expect(await priceSeenBy(one, laptop)).toBe(100);
  expect(await listedBy(one)).toEqual([]);
  await put;

  await using afresh = await startProcess(db);
  expect(await priceSeenBy(afresh, laptop)).toBe(100);
});

test("a retired product leaves the lists and is known as retired", async () => {
  await using db = await testDatabase({ prepare });
  await using one = await startProcess(db);
  const [kept, gone] = [id("kept"), id("gone")];
  await one.putMany(
    merchant,
    [kept, gone].map((productId) => ({ productId, product: product(productId, 100) })),
  );
  expect(await one.retire(merchant, { productId: gone })).toMatchObject({ ok: true, value: { version: 2 } });
  expect(await listedBy(one)).toEqual([[kept, 100]]);
  expect((await one.products([gone])).get(gone)?.listing).toMatchObject({ status: "retired", product: { name: "gone" } });
  expect(await one.retire(merchant, { productId: gone })).toMatchObject({ ok: true, value: { version: 2, changed: false } });
  expect(await one.retire(merchant, { productId: id("never") })).toEqual({
    ok: false,
    refusal: { code: "ProductNotFound", productId: "never" },
  });
});

test("a retried put is answered as before, the same key for another product's data is refused, a stale version too", async () => {
  await using db = await testDatabase({ prepare });
  await using one = await startProcess(db);
  const productId = id("prod-456");
  const command = { productId, product: product("Laptop", 100), idempotencyKey: "key-1" as never };
  const first = await one.put(merchant, command);
  await one.put(merchant, { productId, product: product("Laptop", 200) });
  expect(await one.put(merchant, command)).toMatchObject({
    ok: true,
    value: { version: 1, changed: false, position: first.ok ? first.value.position : 0n },
  });
  expect(await priceSeenBy(one, productId)).toBe(200);
  expect(await one.put(merchant, { ...command, product: product("Laptop", 300) })).toEqual({
    ok: false,
    refusal: { code: "IdempotencyKeyReused", key: "key-1" },
  });
  expect(await one.put(merchant, { productId, product: product("Laptop", 300), expectedVersion: 1 })).toEqual({
    ok: false,
    refusal: { code: "VersionMismatch", expected: 1, actual: 2 },
  });
});

test("putting many again changes nothing, and each changed one is one event", async () => {
  await using db = await testDatabase({ prepare });
  await using one = await startProcess(db);
  const products = Array.from({ length: 300 }, (_, index) => ({
    productId: id(`prod-${index}`),
    product: product(`Product ${index}`, index + 1),
  }));
  const first = await one.putMany(merchant, products);
  expect(first.every((result) => result.ok && result.value.changed)).toBe(true);
  const again = await one.putMany(merchant, products.with(7, { productId: id("prod-7"), product: product("Another", 7) }));
  expect(again.flatMap((result) => (result.ok && result.value.changed ? [result.value.productId] : []))).toEqual([id("prod-7")]);
  const [{ count } = { count: "" }] = await db.sql`select count(*) from cart.event`;
  expect(Number(count)).toBe(301);
});

test("pages follow one another without gaps or repeats while products come and go", async () => {
  await using db = await testDatabase({ prepare });
  await using one = await startProcess(db);
  const there = Array.from({ length: 50 }, (_, index) => ({
    productId: id(`there-${index}`),
    product: product(`Product ${index % 9}`, 1 + (index % 4)),
  }));
  await one.putMany(merchant, there);
  for (const sort of ["name", "price-asc", "price-desc", "newest"] as const) {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor; page++) {
      const result = await one.list({ sort, limit: 9, cursor });
      if (!result.ok) throw new Error("the page was refused");
      seen.push(...result.value.items.map(({ productId }) => productId));
      cursor = result.value.nextCursor ?? undefined;
      const productId = id(`new-${sort}-${page}`);
      await one.put(merchant, { productId, product: product(`Product ${page}`, 1 + (page % 4)) });
      if (page % 2) await one.retire(merchant, { productId });
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((productId) => productId.startsWith("there"))).toHaveLength(50);
  }
  expect(await one.list({ sort: "name", limit: 9, cursor: "made up" })).toEqual({ ok: false, refusal: { code: "InvalidInput" } });
});
