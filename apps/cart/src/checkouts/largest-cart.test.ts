import { approveCheckout } from "@cartwright/cart-domain/approve-checkout";
import type { Cart } from "@cartwright/cart-domain/cart";
import { placeOrder } from "@cartwright/cart-domain/place-order";
import { type CartEvent, cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import { maxCoupons, maxDistinctProducts, maxPiecesOfProduct } from "@cartwright/contracts/cart-limits";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import { Currency } from "@cartwright/contracts/currency";
import { CheckoutId, ProductId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { Contact, ShipTo } from "@cartwright/contracts/personal-data";
import { CouponCode, ShippingMethodId, StockId, TaxRateId } from "@cartwright/contracts/pricing-shapes";
import { Sealed } from "@cartwright/contracts/sealed";
import type { Decision } from "@cartwright/decider/decision";
import { maxEventBytes } from "@cartwright/event-log/check-unit";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { encodeMessage } from "@cartwright/messaging/kafka/event-message";
import { bytesOf } from "@cartwright/messaging/kafka/topic-producer";
import { expect, test } from "vitest";
import { aCartId, cartUnderTest, eur, merchant, product } from "../spec.ts";

const wide = (length: number) => "\u5e45".repeat(length);
const ids = Array.from({ length: maxDistinctProducts }, (_, index) => String(index).padStart(64, "p"));
const codes = Array.from({ length: maxCoupons }, (_, index) => CouponCode.parse(String(index).padStart(40, "C")));
const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
/** What a relay writes, unless it is told otherwise. */
const maxMessageBytes = 1_040_000;

test("the largest cart that the limits permit is quoted, paid for and an order", async () => {
  await using service = await cartUnderTest();
  const { services, handler, log } = service;
  const shippingMethodId = ShippingMethodId.parse("s".repeat(64));
  // As much as 500 lines with a tax of 100 % may come to.
  const price = eur(Math.floor(Number.MAX_SAFE_INTEGER / maxDistinctProducts / 3));
  const products = ids.map((id) => ({
    productId: ProductId.parse(id),
    product: { ...product(wide(200), [price]), stockId: StockId.parse(id) },
  }));
  await services.catalog.putMany(merchant, products);
  await services.stock.adjust(
    merchant,
    ids.map((id) => ({ stockId: StockId.parse(id), delta: maxPiecesOfProduct })),
  );
  const held = { validFrom: null, validUntil: null, minimum: [], products: null, maxUses: 1_000_000, maxUsesPerCustomer: 1_000_000 };
  await services.shop.putMany(
    "coupon",
    merchant,
    codes.map((id) => ({ id, data: { ...held, discount: { kind: "percentage", ratePpm: 100_001 } as const } })),
  );
  await services.shop.putMany("shippingMethod", merchant, [
    { id: shippingMethodId, data: { name: wide(100), countries: null, prices: [price], freeFrom: [] } },
  ]);
  const rate = { country: "DE" as never, name: wide(100), ratePpm: 1_000_000, isInclusive: false, onShipping: true };
  await services.shop.putMany("taxRate", merchant, [
    { id: TaxRateId.parse("t".repeat(64)), data: { ...rate, validFrom: Instant.parse("2020-01-01T00:00:00.000Z"), validUntil: null } },
  ]);

  const shopper = service.trpc(await service.guest());
  const cartId = aCartId();
  for (const { productId } of products) await shopper.cart.addItem.mutate({ cartId, productId, quantity: 1 });
  for (const code of codes) await shopper.cart.applyCoupon.mutate({ cartId, code });
  const { quote, quoteHash } = await shopper.cart.quote.mutate({ cartId, country: "DE" as never, shippingMethodId });
  expect(quote.lines.every(({ discounts, tax }) => discounts.length === maxCoupons && tax.amountMinor > 0)).toBe(true);
  const paymentToken = PaymentToken.parse(`pm_${"a".repeat(127)}`);
  const address = { line1: wide(200), line2: wide(200), city: wide(100), postalCode: wide(20), region: wide(100) };
  const shipTo = ShipTo.parse({ country: "DE", name: wide(200), ...address });
  const contact = Contact.parse({ email: `${"a".repeat(60)}@${"b".repeat(60)}.example.com`, phone: "+841234567890123", locale: "en" });
  const paying = { cartId, quoteHash, contact, shipTo, shippingMethodId, paymentToken };
  const { checkoutId } = await shopper.checkout.start.mutate(paying);

  const now = Instant.parse("2026-01-31T09:45:00.000Z");
  const drive = (decide: (cart: Cart) => Decision<CartEvent, never>) =>
    handler.handle({
      ...{ streamId: cartStreamId(cartId), fingerprint: crypto.randomUUID() },
      metadata: { correlationId: "test", actor: { subject: "service-cart", kind: "service" } },
      decide,
    });
  await drive((cart) => approveCheckout({ checkoutId, now }, cart));
  await drive((cart) => placeOrder({ checkoutId, now }, cart));
  const order = await shopper.order.get.query({ orderId: orderIdOf(checkoutId) });
  expect(order).toMatchObject({ status: "placed", totals: { total: quote.totals.total } });
  expect(order.items).toHaveLength(maxDistinctProducts);
  const [started] = (await log.readStream(cartStreamId(cartId))).filter(({ type }) => type === "CheckoutStarted");
  // Far above what a log took before.
  expect(jsonBytes(started?.data)).toBeGreaterThan(500_000);
}, 60_000);

test("whatever a checkout says at its longest, the log takes it and a message holds it", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const money = eur(most);
  const sealed = Sealed.parse(`sealed.1.${"k".repeat(22)}.${"n".repeat(16)}.${"c".repeat(8_192 - 49)}`);
  const consent = { marketing: false };
  const contact = { email: sealed, phone: sealed, locale: "abc-12345678-12345678-12345678", timeZone: wide(100), consent };
  const shipTo = { country: "DE", address: sealed };
  const totals = { subtotal: money, discount: money, shipping: money, tax: money, total: money };
  const lines = ids.map((productId) => ({ productId, quantity: maxPiecesOfProduct, unitPrice: money }));
  const quote = {
    ...{ currency: "EUR", rounding: { discounts: "half-even", tax: "half-even" }, country: "DE", totals },
    lines: lines.map((line) => ({
      ...{ ...line, productVersion: most, list: money, discount: money, tax: money, total: money },
      discounts: codes.map((code) => ({ code, amount: money })),
    })),
    // Each names an amount in every currency that there is.
    coupons: codes.map((code) => ({
      ...{ code, version: most, base: money, amount: money },
      discount: { kind: "fixed", amounts: Currency.options.map((currency) => ({ amountMinor: most, currency })) },
    })),
    shipping: {
      ...{ shippingMethodId: "s".repeat(64), version: most, name: wide(100) },
      ...{ list: money, discount: money, freeFrom: money, tax: money, total: money },
    },
    tax: {
      ...{ taxRateId: "t".repeat(64), version: most, country: "DE", name: wide(100), ratePpm: 1_000_000 },
      ...{ isInclusive: false, onShipping: false, base: money, amount: money },
    },
  };
  const checkoutId = CheckoutId.parse(`${aCartId()}.999999999`);
  const owned = { cartId: aCartId(), checkoutId, owner: "o".repeat(128), ownerKind: "guest" };
  const at = "2026-01-31T09:45:00.000Z";
  const started = {
    ...{ ...owned, attempt: 999_999_999, amount: money, quote, quoteHash: `${"h".repeat(22)}.${"h".repeat(22)}.${most}` },
    stock: ids.map((stockId) => ({ stockId, quantity: maxPiecesOfProduct * maxDistinctProducts })),
    couponUses: codes.map((code) => ({ code, maxUses: most, maxUsesPerCustomer: most, customers: ["o".repeat(128), "c".repeat(128)] })),
    ...{ contact, shipTo, clientAddress: sealed, deviceId: sealed, paymentToken: `pm_${"a".repeat(127)}`, deadline: at, startedAt: at },
  };
  const placed = { ...owned, orderId: checkoutId, paymentId: checkoutId, lines, totals, contact, shipTo, placedAt: at };
  const actor = { subject: "o".repeat(128), kind: "support", reason: wide(500) };
  const metadata = { correlationId: "c".repeat(128), causationId: "c".repeat(256), actor, traceparent: `00-${"a".repeat(55 - 3)}` };

  for (const [type, schemaVersion, data] of [
    ["CheckoutStarted", 3, started],
    ["OrderPlaced", 2, placed],
  ] as const) {
    const event = cartEvents.encode(cartEvents.decode({ type, schemaVersion, data }));
    expect(jsonBytes(event.data) + jsonBytes(metadata)).toBeLessThan(maxEventBytes * 0.7);
    const place = { eventId: crypto.randomUUID(), streamId: cartStreamId(owned.cartId), version: 1, shard: 15, position: 1n };
    const recorded = { ...event, ...place, metadata, recordedAt: new Date() } as RecordedEvent;
    expect(bytesOf(encodeMessage(recorded, crypto.randomUUID()))).toBeLessThan(maxMessageBytes * 0.7);
  }
});
