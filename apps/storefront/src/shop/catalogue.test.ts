import { ProductId } from "@cartwright/contracts/ids";
import { expect, test } from "vitest";
import { type CataloguePage, type CatalogueRequest, catalogue } from "./catalogue.ts";
import type { CatalogueProduct } from "./catalogue-product.ts";
import { wholeCatalogue } from "./catalogue-query.ts";

const product = (name: string): CatalogueProduct => ({
  ...{ productId: ProductId.parse(name), name, description: "", category: null, image: null, tags: [], prices: [], stockId: null },
  ...{ price: { amountMinor: 100, currency: "EUR" }, left: null },
});

/** Answers are given by hand, in whatever order. */
const service = () => {
  const asked: { request: CatalogueRequest; signal: AbortSignal; answer: (page: CataloguePage) => void; fail: () => void }[] = [];
  const list = (request: CatalogueRequest, signal: AbortSignal) =>
    new Promise<CataloguePage>((resolve, reject) =>
      asked.push({ request, signal, answer: resolve, fail: () => reject(new Error("away")) }),
    );
  const shown = catalogue(list);
  const names = () => shown.getSnapshot().items.map(({ name }) => name);
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return { asked, shown, names, settled };
};
const search = (text: string) => ({ ...wholeCatalogue, text });

test("pages follow each other until there is no next one", async () => {
  const { asked, shown, names, settled } = service();
  shown.show(wholeCatalogue, "EUR");
  asked[0]?.answer({ items: [product("a")], nextCursor: "behind a" });
  await settled();
  shown.more();
  expect(asked[1]?.request).toMatchObject({ cursor: "behind a", currency: "EUR" });
  asked[1]?.answer({ items: [product("b")], nextCursor: null });
  await settled();
  expect([names(), shown.getSnapshot().hasMore]).toEqual([["a", "b"], false]);
  shown.more();
  expect(asked).toHaveLength(2);
});

test("an answer that comes late is not shown: what was asked for last counts", async () => {
  const { asked, shown, names, settled } = service();
  shown.show(search("la"), "EUR");
  shown.show(search("lamp"), "EUR");
  expect(asked[0]?.signal.aborted).toBe(true);
  asked[1]?.answer({ items: [product("lamp")], nextCursor: null });
  asked[0]?.answer({ items: [product("laptop")], nextCursor: null });
  await settled();
  expect(names()).toEqual(["lamp"]);
});

test("the same question is asked once, and once more where it is refreshed", async () => {
  const { asked, shown } = service();
  shown.show(search("lamp"), "EUR");
  shown.show(search("lamp"), "EUR");
  expect(asked).toHaveLength(1);
  shown.show(search("lamp"), "USD");
  shown.refresh();
  expect(asked).toHaveLength(3);
});

test("what was shown stays while the service is away, and comes anew when it is back", async () => {
  const { asked, shown, names, settled } = service();
  shown.show(wholeCatalogue, "EUR");
  asked[0]?.answer({ items: [product("a")], nextCursor: null });
  await settled();
  shown.refresh();
  asked[1]?.fail();
  await settled();
  expect([names(), shown.getSnapshot().status]).toEqual([["a"], "away"]);
  shown.refresh();
  asked[2]?.answer({ items: [product("b")], nextCursor: null });
  await settled();
  expect([names(), shown.getSnapshot().status]).toEqual([["b"], "shown"]);
});

test("while the service is away, products of another question are known as such, until there is an answer", async () => {
  const { asked, shown, settled } = service();
  const told = () => {
    const { isOther, isAway } = shown.getSnapshot();
    return { isOther, isAway };
  };
  shown.show(wholeCatalogue, "EUR");
  expect(told()).toEqual({ isOther: false, isAway: false });
  asked[0]?.answer({ items: [product("a")], nextCursor: null });
  await settled();
  shown.show(search("lamp"), "EUR");
  expect(told()).toEqual({ isOther: true, isAway: false });
  asked[1]?.fail();
  await settled();
  shown.refresh();
  expect(told()).toEqual({ isOther: true, isAway: true });
  asked[2]?.answer({ items: [], nextCursor: null });
  await settled();
  expect(told()).toEqual({ isOther: false, isAway: false });
});

test("a refresh brings back as many as were shown", async () => {
  const { asked, shown, names, settled } = service();
  shown.show(wholeCatalogue, "EUR");
  asked[0]?.answer({ items: [product("a")], nextCursor: "behind a" });
  await settled();
  shown.more();
  asked[1]?.answer({ items: [product("b")], nextCursor: "behind b" });
  await settled();
  shown.refresh();
  asked[2]?.answer({ items: [product("c")], nextCursor: "behind c" });
  await settled();
  expect(names()).toEqual(["a", "b"]);
  asked[3]?.answer({ items: [product("d")], nextCursor: "behind d" });
  await settled();
  expect([names(), asked.length]).toEqual([["c", "d"], 4]);
});
