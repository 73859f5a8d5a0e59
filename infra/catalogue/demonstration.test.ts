import { existsSync } from "node:fs";
import { join } from "node:path";
import { cartConfig } from "@cartwright/cart/config";
import { inMemoryCart } from "@cartwright/cart/in-memory-cart";
import { loadDemonstrationCatalogue, starter } from "@cartwright/cart/ops/load-demonstration-catalogue";
import { loadDemonstrationShop } from "@cartwright/cart/ops/load-demonstration-shop";
import { parseCatalogue } from "@cartwright/cart/ops/parse-catalogue";
import { ShippingMethodId, StockId } from "@cartwright/contracts/pricing-shapes";
import { expect, test } from "vitest";
import document from "./demonstration.json";
import shop from "./demonstration-shop.json";

const parsed = parseCatalogue(document);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
const { products } = parsed;

test("the demonstration catalogue is a catalogue, with some forty products in seven categories", () => {
  expect(products.length).toBeGreaterThanOrEqual(40);
  expect(new Set(products.map(({ category }) => category)).size).toBe(7);
});

test("every product has a price in each of the same currencies, of every kind of exponent", () => {
  const currencies = new Set(products.map(({ prices }) => prices.map(({ currency }) => currency).join()));
  expect([...currencies]).toEqual(["EUR,USD,GBP,JPY,KWD,VND"]);
});

test("the gaming laptop costs what the first example says, in the currency of a shop that is not configured otherwise", () => {
  const laptop = products.find(({ productId }) => productId === "prod-456");
  expect(laptop?.name).toBe("Gaming Laptop");
  expect(laptop?.prices).toContainEqual({ amountMinor: 25_000_000, currency: cartConfig.shape.DEFAULT_CURRENCY.parse(undefined) });
});

test("every image is a file beside the catalogue", () => {
  const missing = products.filter(({ image }) => image === null || !existsSync(join(import.meta.dirname, image)));
  expect(missing).toEqual([]);
});

test("a first start loads it, and a later one leaves everything as it is", async () => {
  await using cart = await inMemoryCart();
  const load = () => loadDemonstrationCatalogue(cart.services.catalog, document);
  expect(await load()).toEqual({ ok: true, products: products.length, changed: products.length });
  expect(await load()).toBeNull();
  const list = await cart.services.catalog.list({ query: "gaming laptop", sort: "name", limit: 10, currency: "VND" });
  expect(list.ok && list.value.items).toMatchObject([{ productId: "prod-456", name: "Gaming Laptop" }]);
});

test("what the demonstration shop keeps beside it is whole: every price in every currency of the catalogue", async () => {
  await using cart = await inMemoryCart();
  const loaded = await loadDemonstrationShop(cart.services, shop);
  expect(loaded).toEqual({ ok: true, rows: { coupons: 4, shippingMethods: 2, taxRates: 6, stocks: 4 } });
  const currencies = new Set(products.flatMap(({ prices }) => prices.map(({ currency }) => currency)));
  for (const { prices } of shop.shippingMethods) expect(new Set(prices.map(({ currency }) => currency))).toEqual(currencies as Set<string>);
});

test("every amount is about the same in each of its currencies, as it is in the catalogue", () => {
  const amountsOf = (value: unknown): readonly Amount[][] => {
    if (typeof value !== "object" || value === null) return [];
    if (Array.isArray(value) && value.length > 0 && value.every(isAmount)) return [value];
    return Object.values(value).flatMap(amountsOf);
  };
  const rates = new Map(products[0]?.prices.map(({ currency, amountMinor }) => [currency as string, amountMinor]));
  const all = [...amountsOf(document), ...amountsOf(shop)];
  expect(all.length).toBeGreaterThan(products.length);
  const uneven = all.filter((amounts) => {
    const worths = amounts.map(({ currency, amountMinor }) => amountMinor / (rates.get(currency) ?? Number.NaN));
    return !(Math.max(...worths) / Math.min(...worths) < 1.25);
  });
  expect(uneven).toEqual([]);
});

type Amount = { amountMinor: number; currency: string };
const isAmount = (value: unknown): value is Amount => typeof value === "object" && value !== null && "amountMinor" in value;

test("some products are counted, each by a stock of the demonstration shop, and the catalogue says what is left", async () => {
  await using cart = await inMemoryCart();
  await loadDemonstrationCatalogue(cart.services.catalog, document);
  await loadDemonstrationShop(cart.services, shop);
  const counted = products.flatMap(({ stockId }) => stockId ?? []);
  expect(counted.toSorted()).toEqual(shop.stocks.map(({ stockId }) => stockId).toSorted() as typeof counted);
  const list = await cart.services.catalog.list({ query: "turntable", sort: "name", limit: 10 });
  expect(list.ok && list.value.items).toMatchObject([{ productId: "prod-206", left: 1 }]);
});

test("what somebody has put, counted or retired since is not put again, and what is missing is", async () => {
  await using cart = await inMemoryCart();
  const { services } = cart;
  const { coupons: _, ...begun } = shop;
  await loadDemonstrationShop(services, { ...begun, shippingMethods: shop.shippingMethods.slice(0, 1) });
  const standard = { id: ShippingMethodId.parse("standard") };
  await services.shop.retire("shippingMethod", starter, standard);
  await services.stock.set(starter, [{ stockId: StockId.parse("turntable"), onHand: 0 }]);
  await loadDemonstrationShop(services, shop);
  const methods = await services.shop.list("shippingMethod", { limit: 10 });
  expect(methods.items.map(({ id, isRetired }) => [id, isRetired])).toEqual([
    ["express", false],
    ["standard", true],
  ]);
  expect((await services.shop.list("coupon", { limit: 10 })).items).toHaveLength(4);
  expect((await services.stock.levels([StockId.parse("turntable")])).get(StockId.parse("turntable"))).toMatchObject({ onHand: 0 });
});
