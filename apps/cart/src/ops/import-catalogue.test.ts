import { expect, test } from "vitest";
import { importCatalogue, type PutMany } from "./import-catalogue.ts";

const row = (productId: string, more: object = {}) => ({
  productId,
  name: productId,
  prices: [{ amountMinor: 100, currency: "EUR" }],
  ...more,
});

/** A catalogue that remembers what it was sent, and changes what it has not yet. */
const start = () => {
  const known = new Set<string>();
  const portions: number[] = [];
  const putMany: PutMany = async (products) => {
    portions.push(products.length);
    return products.map((product) => {
      const text = JSON.stringify(product);
      const changed = !known.has(text);
      known.add(text);
      return { changed };
    });
  };
  return { putMany, portions };
};

test("every product is put, and putting the file again changes nothing", async () => {
  const { putMany } = start();
  const document = { products: [row("one"), row("two")] };
  expect(await importCatalogue(document, putMany)).toEqual({ ok: true, products: 2, changed: 2 });
  expect(await importCatalogue(document, putMany)).toEqual({ ok: true, products: 2, changed: 0 });
});

test("a large file goes in portions that a request can hold", async () => {
  const many = start();
  await importCatalogue({ products: Array.from({ length: 1_000 }, (_, index) => row(`prod-${index}`)) }, many.putMany);
  expect(many.portions).toEqual([250, 250, 250, 250]);
  const long = start();
  await importCatalogue(
    { products: Array.from({ length: 90 }, (_, index) => row(`prod-${index}`, { description: "x".repeat(9_900) })) },
    long.putMany,
  );
  expect(long.portions).toEqual([29, 29, 29, 3]);
});

test("a file with faults is refused whole, and every fault is named by its row", async () => {
  const { putMany, portions } = start();
  const products = [
    row("good"),
    row("bad id"),
    row("no-price", { prices: [] }),
    row("typo", { colour: "red" }),
    row("good"),
    row("money", { prices: [{ amountMinor: 1.5, currency: "XXX" }] }),
    "text",
  ];
  const result = await importCatalogue({ products }, putMany);
  expect(result.ok || result.faults.map(({ row: at, productId, path }) => [at, productId, path])).toEqual([
    [2, "bad id", "productId"],
    [3, "no-price", "prices"],
    [4, "typo", ""],
    [5, "good", "productId"],
    [6, "money", "prices.0.amountMinor"],
    [6, "money", "prices.0.currency"],
    [7, null, ""],
  ]);
  expect(portions).toEqual([]);
});

test.each([[null], [[]], [{ products: [] }], [{ products: [row("one")], version: 2 }]])("%j is no catalogue", async (document) => {
  expect(await importCatalogue(document, start().putMany)).toMatchObject({ ok: false, faults: [{ row: null }] });
});
