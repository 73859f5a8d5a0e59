import { describe, expect, test } from "vitest";
import { cartUnderTest, eur, laptop, mouse, refusalOf, retired } from "../spec.ts";
import type { ProductInput } from "./catalog-put.ts";

const chair = { productId: "chair" as ProductInput["productId"], name: "Chair", prices: [eur(48_900)] };

describe("catalog.list", () => {
  test("shows anybody what is sold, in the shop's currency unless another is asked for", async () => {
    await using cart = await cartUnderTest();
    const { items, nextCursor } = await cart.trpc().catalog.list.query();
    expect(items.map(({ productId, price }) => [productId, price])).toEqual([
      [laptop, eur(25_000_000)],
      [mouse, eur(1_999)],
    ]);
    expect(nextCursor).toBeNull();
    const inDollars = await cart.trpc().catalog.list.query({ currency: "USD" });
    expect(inDollars.items).toMatchObject([{ productId: laptop, price: { amountMinor: 27_000_000, currency: "USD" } }]);
  });

  test("goes page by page, and a cursor belongs to its list", async () => {
    await using cart = await cartUnderTest();
    const first = await cart.trpc().catalog.list.query({ sort: "price-asc", limit: 1 });
    expect(first.items).toMatchObject([{ productId: mouse }]);
    const cursor = first.nextCursor ?? "";
    const second = await cart.trpc().catalog.list.query({ sort: "price-asc", limit: 1, cursor });
    expect(second).toMatchObject({ items: [{ productId: laptop }], nextCursor: null });
    expect(await refusalOf(cart.trpc().catalog.list.query({ sort: "price-desc", cursor }))).toEqual({ code: "InvalidInput" });
    expect(await refusalOf(cart.trpc().catalog.list.query({ limit: 101 }))).toEqual({ code: "InvalidInput" });
  });

  test("finds by words and by category", async () => {
    await using cart = await cartUnderTest();
    expect((await cart.trpc().catalog.list.query({ query: "gam lap" })).items).toMatchObject([{ productId: laptop }]);
    expect((await cart.trpc().catalog.list.query({ query: "gam", category: "garden" })).items).toEqual([]);
  });
});

describe("catalog.get", () => {
  test("tells of a product in all its currencies, also when it is no longer sold", async () => {
    await using cart = await cartUnderTest();
    expect(await cart.trpc().catalog.get.query({ productId: laptop })).toEqual({
      productId: laptop,
      version: 1,
      status: "listed",
      listedAt: expect.any(Date),
      name: "Gaming Laptop",
      description: "",
      category: "computers",
      image: null,
      tags: [],
      stockId: null,
      prices: [eur(25_000_000), { amountMinor: 27_000_000, currency: "USD" }],
    });
    expect(await cart.trpc().catalog.get.query({ productId: retired })).toMatchObject({ status: "retired", name: "Typewriter" });
    expect(await refusalOf(cart.trpc().catalog.get.query({ productId: chair.productId }))).toEqual({
      code: "ProductNotFound",
      productId: "chair",
    });
  });
});

describe("catalog.put and catalog.retire", () => {
  test("a product that a merchant puts is listed, revised and retired", async () => {
    await using cart = await cartUnderTest();
    const { catalog } = cart.trpc(await cart.token("merchant"));
    const put = await catalog.put.mutate(chair);
    expect(put).toEqual({ productId: "chair", version: 1, position: expect.any(BigInt), changed: true });
    expect(await catalog.put.mutate(chair)).toEqual({ ...put, changed: false });
    expect(await catalog.put.mutate({ ...chair, name: "Armchair", expectedVersion: 1 })).toMatchObject({ version: 2, changed: true });
    expect((await catalog.list.query({ query: "armchair" })).items).toMatchObject([{ productId: "chair", version: 2 }]);
    expect(await catalog.retire.mutate({ productId: chair.productId })).toMatchObject({ version: 3 });
    expect((await catalog.list.query({ query: "armchair" })).items).toEqual([]);
  });

  test("many products come at once, each at most once", async () => {
    await using cart = await cartUnderTest();
    const { catalog } = cart.trpc(await cart.token("merchant"));
    const products = Array.from({ length: 50 }, (_, index) =>
      structuredClone({ ...chair, productId: `chair-${index}` as ProductInput["productId"] }),
    );
    const first = await catalog.putMany.mutate({ products });
    expect(first.products.every(({ changed, version }) => changed && version === 1)).toBe(true);
    const again = await catalog.putMany.mutate({ products });
    expect(again.products.some(({ changed }) => changed)).toBe(false);
    expect(await refusalOf(catalog.putMany.mutate({ products: [chair, structuredClone(chair)] }))).toEqual({ code: "InvalidInput" });
  });

  test.each([
    ["nobody", undefined, { code: "Unauthenticated", reason: "missing" }],
    ["a shopper", "ada", { code: "Forbidden", scope: "catalog:write" }],
    ["support", "support", { code: "Forbidden", scope: "catalog:write" }],
  ] as const)("%s may change nothing", async (_, name, refusal) => {
    await using cart = await cartUnderTest();
    const { catalog } = cart.trpc(name && (await cart.token(name)));
    expect(await refusalOf(catalog.put.mutate(chair))).toEqual(refusal);
    expect(await refusalOf(catalog.putMany.mutate({ products: [chair] }))).toEqual(refusal);
    expect(await refusalOf(catalog.retire.mutate({ productId: laptop }))).toEqual(refusal);
    expect(await refusalOf(cart.trpc().catalog.get.query({ productId: chair.productId }))).toMatchObject({ code: "ProductNotFound" });
  });

  test.each<[string, object, string]>([
    ["no price", { prices: [] }, "InvalidInput"],
    ["two prices in one currency", { prices: [eur(1), eur(2)] }, "InvalidInput"],
    ["a price below nothing", { prices: [eur(-1)] }, "InvalidInput"],
    ["a fraction of a cent", { prices: [eur(0.5)] }, "InvalidInput"],
    ["a currency that there is not", { prices: [{ amountMinor: 1, currency: "XXX" }] }, "InvalidInput"],
    ["a blank name", { name: " " }, "InvalidInput"],
    ["a NUL in its text", { description: "\0" }, "InvalidInput"],
    ["an image that a browser would run", { image: "javascript:alert(1)" }, "InvalidInput"],
    ["an id that is no id", { productId: "a b" }, "InvalidInput"],
    ["a field that there is not", { colour: "red" }, "InvalidInput"],
    ["a version that is gone", { expectedVersion: 7 }, "VersionMismatch"],
  ])("a product with %s is refused and not there", async (_, change, code) => {
    await using cart = await cartUnderTest();
    const { catalog } = cart.trpc(await cart.token("merchant"));
    expect(await refusalOf(catalog.put.mutate({ ...chair, ...change }))).toMatchObject({ code });
    expect((await catalog.list.query({ query: "chair" })).items).toEqual([]);
  });
});
