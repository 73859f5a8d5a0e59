import { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { Country, CouponCode, maxStock, type QuoteHash, ShippingMethodId, StockId, TaxRateId } from "@cartwright/contracts/pricing-shapes";
import { parseConfig } from "@cartwright/service-kit/config";
import { describe, expect, test } from "vitest";
import { cartConfig, roundingRules } from "../config.ts";
import { unwrap } from "../refusals.ts";
import {
  aCartId,
  aContact,
  type CartUnderTest,
  cartUnderTest,
  eur,
  laptop,
  merchant,
  mouse,
  product,
  refusalOf,
  retired,
} from "../spec.ts";

const visa = PaymentToken.parse("pm_card_visa");
const germany = Country.parse("DE");
const standard = ShippingMethodId.parse("standard");
const code = (text: string) => CouponCode.parse(text);

const held = { validFrom: null, validUntil: null, minimum: [], products: null, maxUses: null, maxUsesPerCustomer: null };
type Terms = Partial<Omit<typeof held, "minimum" | "validUntil">> & { minimum?: Money[]; validUntil?: Instant };
const percent = (ratePpm: number) => ({ kind: "percentage", ratePpm }) as const;

const shopWith = async () => {
  const service = await cartUnderTest();
  const shopper = service.trpc(await service.token("ada"));
  const cartId = aCartId();
  return {
    service,
    shopper,
    cartId,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
    quote: (how: { country?: Country; shippingMethodId?: ShippingMethodId } = {}) => shopper.cart.quote.mutate({ cartId, ...how }),
    pay: (quoteHash: QuoteHash) => shopper.checkout.start.mutate({ cartId, quoteHash, contact: aContact, paymentToken: visa }),
  };
};

const coupon = ({ services }: CartUnderTest, name: string, discount: ReturnType<typeof percent>, terms: Terms = {}) =>
  services.shop.putMany("coupon", merchant, [{ id: code(name), data: { ...held, discount, ...terms } }]);
const price = ({ services }: CartUnderTest, amount: number) =>
  services.catalog.put(merchant, { productId: mouse, product: product("Mouse", [eur(amount)]) });

describe("a quote", () => {
  test("names what it is made of, in the versions that were used, and sums to the last unit", async () => {
    await using shop = await shopWith();
    const { services } = shop.service;
    await coupon(shop.service, "TEN", percent(100_000));
    const method = { name: "Standard", countries: [germany], prices: [eur(490)], freeFrom: [eur(5_000)] };
    await services.shop.putMany("shippingMethod", merchant, [{ id: standard, data: method }]);
    const validFrom = Instant.parse("2026-01-01T00:00:00.000Z");
    const rate = { country: germany, name: "MwSt.", ratePpm: 190_000, isInclusive: true, onShipping: true, validFrom, validUntil: null };
    await services.shop.putMany("taxRate", merchant, [{ id: TaxRateId.parse("de-19"), data: rate }]);
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    await shop.shopper.cart.applyCoupon.mutate({ cartId: shop.cartId, code: code("ten") });

    const { quote } = await shop.quote({ country: germany, shippingMethodId: standard });
    expect(quote).toMatchObject({
      lines: [{ productId: mouse, productVersion: 1, quantity: 2, list: eur(3_998), discount: eur(400), total: eur(3_598) }],
      coupons: [{ code: "TEN", version: 1, amount: eur(400) }],
      shipping: { shippingMethodId: standard, version: 1, total: eur(490) },
      tax: { taxRateId: "de-19", version: 1, ratePpm: 190_000, base: eur(3_435), amount: eur(653) },
      totals: { subtotal: eur(3_998), discount: eur(400), shipping: eur(490), tax: eur(653), total: eur(4_088) },
    });
    expect(await refusalOf(shop.quote({ country: Country.parse("VN"), shippingMethodId: standard }))).toMatchObject({
      code: "ShippingMethodNotOffered",
    });
    expect(await refusalOf(shop.quote({ shippingMethodId: ShippingMethodId.parse("rocket") }))).toMatchObject({
      code: "ShippingMethodNotFound",
    });
  });

  test("can be explained: each amount by its rule, what it came from in which version, and what happened in the cart", async () => {
    await using shop = await shopWith();
    await coupon(shop.service, "TEN", percent(100_000));
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 1 });
    await shop.shopper.cart.applyCoupon.mutate({ cartId: shop.cartId, code: code("TEN") });
    await shop.shopper.cart.setQuantity.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    const { explanation } = await shop.shopper.cart.explain.query({ cartId: shop.cartId });
    expect(explanation).toMatchObject({
      amount: eur(3_598),
      rule: "total",
      parts: [
        {
          ...{ amount: eur(3_998), rule: "sumOfLines" },
          parts: [
            { rule: "unitPriceTimesPieces", source: { id: mouse, events: [{ type: "ItemAddedToCart" }, { type: "ItemQuantitySet" }] } },
          ],
        },
        {
          ...{ amount: eur(400), rule: "sumOfDiscounts" },
          parts: [
            { rule: "percentageOff", source: { kind: "coupon", id: "TEN", version: 1, events: [{ type: "CouponApplied", version: 3 }] } },
          ],
        },
        { amount: eur(0), rule: "shippingAfterDiscounts" },
        { amount: eur(0), rule: "noTaxRate" },
      ],
    });
  });

  test("of a country without a tax rate has no tax, and says that there is no rate", async () => {
    await using shop = await shopWith();
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 1 });
    const { quote, explanation } = await shop.shopper.cart.explain.query({ cartId: shop.cartId, country: germany });
    expect(quote).toMatchObject({ country: "DE", tax: null, totals: { tax: eur(0) } });
    expect(explanation.parts).toContainEqual(expect.objectContaining({ of: "totals.tax", rule: "noTaxRate", parts: [] }));
  });

  test("goes to no country that does not exist, and neither does a checkout", async () => {
    await using shop = await shopWith();
    const { cart, checkout } = shop.shopper;
    await cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 1 });
    const { quoteHash } = await shop.quote();
    const country = Country.parse("ZZ");
    const shipTo = { country, name: "Ada", line1: "1", city: "Nowhere" };
    expect(await refusalOf(shop.quote({ country }))).toEqual({ code: "InvalidInput" });
    const starting = checkout.start.mutate({ cartId: shop.cartId, quoteHash, contact: aContact, shipTo });
    expect(await refusalOf(starting)).toEqual({ code: "InvalidInput" });
    const token = await shop.service.token("ada");
    const answer = await shop.service.rest("POST", `/api/cart/${shop.cartId}/quote`, { token, body: { country } });
    expect(await answer.json()).toMatchObject({ errors: [{ message: expect.stringContaining("country of ISO 3166-1") }] });
  });

  test("of an order can be explained as it was paid, whatever the shop says since", async () => {
    await using shop = await shopWith();
    await coupon(shop.service, "ALL", percent(1_000_000));
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 1 });
    await shop.shopper.cart.removeItem.mutate({ cartId: shop.cartId, productId: mouse });
    await shop.shopper.cart.undo.mutate({ cartId: shop.cartId });
    await shop.shopper.cart.applyCoupon.mutate({ cartId: shop.cartId, code: code("ALL") });
    const { quote, quoteHash } = await shop.quote();
    await shop.shopper.checkout.start.mutate({ cartId: shop.cartId, quoteHash, contact: aContact });
    await price(shop.service, 5_000);
    await coupon(shop.service, "ALL", percent(1));
    const explained = await shop.shopper.cart.explain.query({ cartId: shop.cartId });
    expect(explained.quote).toEqual(quote);
    const events = ["ItemAddedToCart", "ItemRemovedFromCart", "RemovalUndone"].map((type) => ({ type }));
    expect(explained.lines).toMatchObject([
      {
        ...{ of: "lines.0.total", amount: eur(0) },
        parts: [
          { amount: eur(1_999), source: { kind: "product", id: mouse, version: 1, events } },
          { amount: eur(1_999), parts: [{ source: { kind: "coupon", id: "ALL", version: 1 } }] },
          { amount: eur(0) },
        ],
      },
    ]);
  });

  test("rounds as the deployment is configured, and an order stays as it was rounded", async () => {
    const config = parseConfig(cartConfig, { ROUNDING: "half-even", ROUNDING_TAX: "half-up" });
    await using service = await cartUnderTest({ rounding: roundingRules(config) });
    await price(service, 50);
    await coupon(service, "ONE", percent(10_000));
    const shopper = service.trpc(await service.token("ada"));
    const cartId = aCartId();
    await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    await shopper.cart.applyCoupon.mutate({ cartId, code: code("ONE") });
    const { quote, quoteHash } = await shopper.cart.quote.mutate({ cartId });
    // One per cent of 50 is a half, which goes to the even neighbour.
    expect(quote).toMatchObject({ rounding: { discounts: "half-even", tax: "half-up" }, totals: { discount: eur(0), total: eur(50) } });
    await shopper.checkout.start.mutate({ cartId, quoteHash, contact: aContact, paymentToken: visa });
    expect((await shopper.cart.explain.query({ cartId })).quote.rounding).toEqual({ discounts: "half-even", tax: "half-up" });
  });

  test("takes off a coupon that holds no longer, says why, and the cart says so too", async () => {
    await using shop = await shopWith();
    await coupon(shop.service, "BIG", percent(100_000), { minimum: [eur(3_000)] });
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    await shop.shopper.cart.applyCoupon.mutate({ cartId: shop.cartId, code: code("BIG") });
    expect((await shop.quote()).quote.totals.discount).toEqual(eur(400));
    await shop.shopper.cart.setQuantity.mutate({ cartId: shop.cartId, productId: mouse, quantity: 1 });
    const quoted = await shop.quote();
    expect(quoted.notices).toEqual([{ code: "CouponRemoved", coupon: "BIG", problem: "minimumNotReached" }]);
    expect(quoted.quote.totals).toMatchObject({ discount: eur(0), total: eur(1_999) });
    expect((await shop.shopper.cart.view.query({ cartId: shop.cartId, atLeastVersion: quoted.version })).coupons).toEqual([]);
  });

  test("of an empty cart, of a foreign one and of none is refused", async () => {
    await using shop = await shopWith();
    expect(await refusalOf(shop.quote())).toMatchObject({ code: "CartNotFound" });
    await shop.shopper.cart.open.mutate({ cartId: shop.cartId });
    expect(await refusalOf(shop.quote())).toMatchObject({ code: "CartEmpty" });
    const grace = shop.service.trpc(await shop.service.token("grace"));
    expect(await refusalOf(grace.cart.quote.mutate({ cartId: shop.cartId }))).toMatchObject({ code: "CartNotFound" });
  });
});

describe("a coupon", () => {
  test.each([
    ["that nobody knows", "NOBODY", "unknown"],
    ["that is over", "OVER", "expired"],
    ["for what is not in the cart", "OTHER", "noSuchProducts"],
  ])("%s is refused", async (_which, name, problem) => {
    await using shop = await shopWith();
    await coupon(shop.service, "OVER", percent(1), { validUntil: Instant.parse("2020-01-01T00:00:00.000Z") });
    await shop.service.services.shop.putMany("coupon", merchant, [
      { id: code("OTHER"), data: { ...held, discount: percent(1), products: [laptop] } },
    ]);
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 1 });
    const applying = shop.shopper.cart.applyCoupon.mutate({ cartId: shop.cartId, code: code(name) });
    expect(await refusalOf(applying)).toEqual({ code: "CouponNotApplicable", coupon: name, problem });
  });

  test("of a hundred per cent on prices that hold 17 % tax leaves exactly nothing to pay, and the cart is an order at once", async () => {
    await using shop = await shopWith();
    await coupon(shop.service, "ALL", percent(1_000_000));
    const validFrom = Instant.parse("2026-01-01T00:00:00.000Z");
    const rate = { country: germany, name: "Tax", ratePpm: 170_000, isInclusive: true, onShipping: true, validFrom, validUntil: null };
    await shop.service.services.shop.putMany("taxRate", merchant, [{ id: TaxRateId.parse("de-17"), data: rate }]);
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 3 });
    await shop.shopper.cart.applyCoupon.mutate({ cartId: shop.cartId, code: code("ALL") });
    const { quote, quoteHash } = await shop.quote({ country: germany });
    expect(quote.totals).toMatchObject({ tax: eur(0), total: eur(0) });
    const shipTo = { country: germany, name: "Ada", line1: "Unter den Linden 1", city: "Berlin" };
    const paying = { cartId: shop.cartId, quoteHash, contact: aContact, shipTo };
    const { checkoutId, status } = await shop.shopper.checkout.start.mutate(paying);
    expect(status).toBe("Ordered");
    const orderId = checkoutId as unknown as Parameters<typeof shop.shopper.order.get.query>[0]["orderId"];
    expect(await shop.shopper.order.get.query({ orderId })).toMatchObject({ status: "paid", totals: { total: eur(0) } });
  });
});

describe("what the shopper agreed to", () => {
  test("holds shipping and tax, since a shop that has them is told where it goes and how", async () => {
    await using shop = await shopWith();
    const { services } = shop.service;
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 1 });
    const { quoteHash } = await shop.quote();
    const method = { name: "Standard", countries: null, prices: [eur(490)], freeFrom: [] };
    await services.shop.putMany("shippingMethod", merchant, [{ id: standard, data: method }]);
    expect(await refusalOf(shop.pay(quoteHash))).toEqual({ code: "ShippingMethodMissing", cartId: shop.cartId });
    const paying = { cartId: shop.cartId, quoteHash, contact: aContact, paymentToken: visa, shippingMethodId: standard };
    expect(await refusalOf(shop.shopper.checkout.start.mutate(paying))).toEqual({ code: "ShipToMissing", cartId: shop.cartId });
    await services.shop.retire("shippingMethod", merchant, { id: standard });
    const validFrom = Instant.parse("2026-01-01T00:00:00.000Z");
    const rate = { country: germany, name: "Tax", ratePpm: 190_000, isInclusive: false, onShipping: true, validFrom, validUntil: null };
    await services.shop.putMany("taxRate", merchant, [{ id: TaxRateId.parse("de-19"), data: rate }]);
    expect(await refusalOf(shop.pay(quoteHash))).toEqual({ code: "ShipToMissing", cartId: shop.cartId });
  });

  test("is not paid where a price has risen since: both are told, and agreeing to the new one is consent", async () => {
    await using shop = await shopWith();
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    const { quoteHash } = await shop.quote();
    await price(shop.service, 2_100);
    const refusal = await refusalOf(shop.pay(quoteHash));
    expect(refusal).toMatchObject({
      code: "QuoteChanged",
      agreed: eur(3_998),
      total: eur(4_200),
      goodsChanged: false,
      deliveryChanged: false,
    });
    await shop.pay(refusal.quoteHash);
    const view = await shop.shopper.cart.view.query({ cartId: shop.cartId, atLeastVersion: 5 });
    expect(view).toMatchObject({ checkout: { amount: eur(4_200) }, items: [{ unitPrice: eur(2_100) }] });
  });

  test("is paid at the lower price where one has fallen since", async () => {
    await using shop = await shopWith();
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    const { quoteHash } = await shop.quote();
    await price(shop.service, 1_000);
    const { version } = await shop.pay(quoteHash);
    expect(await shop.shopper.cart.view.query({ cartId: shop.cartId, atLeastVersion: version })).toMatchObject({
      checkout: { amount: eur(2_000) },
    });
  });

  test("is not something else that another window has put into the cart meanwhile", async () => {
    await using shop = await shopWith();
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    const { quoteHash } = await shop.quote();
    await shop.shopper.cart.setQuantity.mutate({ cartId: shop.cartId, productId: mouse, quantity: 1 });
    expect(await refusalOf(shop.pay(quoteHash))).toMatchObject({
      code: "QuoteChanged",
      total: eur(1_999),
      goodsChanged: true,
      deliveryChanged: false,
    });
  });

  test("is not one that goes elsewhere, and that alone is told", async () => {
    await using shop = await shopWith();
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    const { quoteHash } = await shop.quote({ country: germany });
    const shipTo = { country: Country.parse("VN"), name: "Ada", line1: "1", city: "Hà Nội" };
    const paying = { cartId: shop.cartId, quoteHash, contact: aContact, paymentToken: visa };
    const refusal = await refusalOf(shop.shopper.checkout.start.mutate({ ...paying, shipTo }));
    expect(refusal).toMatchObject({ code: "QuoteChanged", total: eur(3_998), goodsChanged: false, deliveryChanged: true });
    expect(await refusalOf(shop.shopper.checkout.start.mutate({ ...paying, shipTo, quoteHash: refusal.quoteHash }))).toBeNull();
  });

  test("is not a product that is no longer sold, and nothing is paid of which nobody could be told", async () => {
    await using shop = await shopWith();
    await shop.service.services.catalog.put(merchant, { productId: retired, product: product("Typewriter", [eur(9_900)]) });
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: retired, quantity: 1 });
    const { quoteHash } = await shop.quote();
    const unreachable = shop.shopper.checkout.start.mutate({ cartId: shop.cartId, quoteHash, paymentToken: visa });
    expect(await refusalOf(unreachable)).toEqual({ code: "ContactMissing", cartId: shop.cartId });
    const unpaid = shop.shopper.checkout.start.mutate({ cartId: shop.cartId, quoteHash, contact: aContact });
    expect(await refusalOf(unpaid)).toEqual({ code: "PaymentTokenMissing", total: eur(9_900) });
    await shop.service.services.catalog.retire(merchant, { productId: retired });
    expect(await refusalOf(shop.pay(quoteHash))).toEqual({ code: "ProductRetired", productId: retired });
  });
});

describe("stock", () => {
  test("is held by a checkout, given back when that comes to nothing, and the catalogue says what is left", async () => {
    await using shop = await shopWith();
    const { services } = shop.service;
    const stockId = StockId.parse("mice");
    const counted = { ...product("Mouse", [eur(1_999)]), stockId };
    await services.catalog.put(merchant, { productId: mouse, product: counted });
    await services.stock.set(merchant, [{ stockId, onHand: 3 }]);
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    const { checkoutId } = await shop.pay((await shop.quote()).quoteHash);
    const level = async () => (await services.stock.levels([stockId])).get(stockId);
    expect(await level()).toEqual({ stockId, available: 1, reserved: 2, onHand: 3 });
    const listed = unwrap(await services.catalog.list({ sort: "name", limit: 10 }));
    expect(listed.items.find(({ productId }) => productId === mouse)).toMatchObject({ left: 1 });
    expect(await services.stock.adjust(merchant, [{ stockId, delta: -2 }])).toEqual([
      { ok: false, refusal: { code: "StockTooLow", stockId, delta: -2, available: 1 } },
    ]);
    await shop.shopper.checkout.cancel.mutate({ checkoutId });
    expect(await level()).toEqual({ stockId, available: 3, reserved: 0, onHand: 3 });
    // Whoever counts corrects what was known, whatever is held at that moment.
    await shop.pay((await shop.quote()).quoteHash);
    await services.stock.set(merchant, [{ stockId, onHand: 5 }]);
    expect(await level()).toEqual({ stockId, available: 3, reserved: 2, onHand: 5 });
  });

  test("that is as large as one may be takes back what a checkout gives back", async () => {
    await using shop = await shopWith();
    const { services } = shop.service;
    const stockId = StockId.parse("mice");
    await services.catalog.put(merchant, { productId: mouse, product: { ...product("Mouse", [eur(1_999)]), stockId } });
    await services.stock.adjust(merchant, [{ stockId, delta: maxStock }]);
    await shop.shopper.cart.addItem.mutate({ cartId: shop.cartId, productId: mouse, quantity: 2 });
    const { checkoutId } = await shop.pay((await shop.quote()).quoteHash);
    await services.stock.adjust(merchant, [{ stockId, delta: 2 }]);
    await shop.shopper.checkout.cancel.mutate({ checkoutId });
    expect((await services.stock.levels([stockId])).get(stockId)).toMatchObject({ available: maxStock + 2, reserved: 0 });
  });
});
