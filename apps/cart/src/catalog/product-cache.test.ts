import { ProductId } from "@cartwright/contracts/ids";
import { expect, test } from "vitest";
import type { CatalogEntry } from "./catalog-entry.ts";
import { CatalogBehind, productCache } from "./product-cache.ts";

const laptop = ProductId.parse("laptop");
const mouse = ProductId.parse("mouse");

/** A log with the versions of some products, whose reads end when they are let. */
const start = (options: { products?: number; unknownIds?: number } = {}) => {
  const versions = new Map<ProductId, number>([
    [laptop, 1],
    [mouse, 1],
  ]);
  const reads: ProductId[][] = [];
  let gate = Promise.resolve();
  const cache = productCache({
    ...options,
    load: async (ids) => {
      reads.push([...ids]);
      const entries = ids.map(
        (productId): CatalogEntry => ({ productId, version: versions.get(productId) ?? 0, listing: { status: "absent" } }),
      );
      await gate;
      return entries;
    },
  });
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  const versionOf = async (productId: ProductId) => (await cache.entries([productId])).get(productId)?.version;
  return { ...cache, versions, reads, hold, versionOf };
};

test("what is asked for at the same time is read together and once", async () => {
  const cache = start();
  const answers = await Promise.all([cache.entries([laptop, mouse]), cache.entries([laptop]), cache.entries([mouse, mouse])]);
  expect(cache.reads).toEqual([[laptop, mouse]]);
  expect(answers.map((entries) => [...entries.keys()])).toEqual([[laptop, mouse], [laptop], [mouse]]);
  await cache.entries([laptop, mouse]);
  expect(cache.reads).toHaveLength(1);
});

test("a change that is heard of is read anew", async () => {
  const cache = start();
  expect(await cache.versionOf(laptop)).toBe(1);
  cache.versions.set(laptop, 2);
  expect(await cache.versionOf(laptop)).toBe(1);
  cache.reached(laptop, 2);
  expect(await cache.versionOf(laptop)).toBe(2);
  cache.reached(laptop, 2);
  expect(await cache.versionOf(laptop)).toBe(2);
  expect(cache.reads).toHaveLength(2);
});

test("a change that is heard of while an older state is being read is not missed", async () => {
  const cache = start();
  const release = cache.hold();
  const reading = cache.versionOf(laptop);
  await Promise.resolve();
  expect(cache.reads).toHaveLength(1);
  cache.versions.set(laptop, 2);
  cache.reached(laptop, 2);
  release();
  expect(await reading).toBe(2);
  expect(await cache.versionOf(laptop)).toBe(2);
});

test("a product that was unknown is there once it is heard of", async () => {
  const cache = start();
  const novelty = ProductId.parse("novelty");
  expect(await cache.versionOf(novelty)).toBe(0);
  expect(await cache.versionOf(novelty)).toBe(0);
  expect(cache.reads).toHaveLength(1);
  cache.versions.set(novelty, 1);
  cache.reached(novelty, 1);
  expect(await cache.versionOf(novelty)).toBe(1);
});

test("a flood of ids that are no products displaces no product", async () => {
  const cache = start({ products: 2, unknownIds: 10 });
  await cache.entries([laptop, mouse]);
  await cache.entries(Array.from({ length: 1_000 }, (_, index) => ProductId.parse(`none-${index}`)));
  await cache.entries([laptop, mouse]);
  expect(cache.reads).toHaveLength(2);
});

test("a change that the log does not show is an error, and not for ever", async () => {
  const cache = start();
  const release = cache.hold();
  const reading = cache.versionOf(laptop);
  cache.reached(laptop, 7);
  release();
  await expect(reading).rejects.toThrow(CatalogBehind);
  expect(await cache.versionOf(laptop)).toBe(1);
});
