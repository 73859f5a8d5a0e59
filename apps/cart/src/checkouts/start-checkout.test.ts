import { checkoutOf } from "@cartwright/cart-domain/cart";
import { failCheckout } from "@cartwright/cart-domain/fail-checkout";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import { CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { Contact, EmailAddress, ShipTo } from "@cartwright/contracts/personal-data";
import { CouponCode, ShippingMethodId, StockId } from "@cartwright/contracts/pricing-shapes";
import { describe, expect, test } from "vitest";
import type { Caller } from "../carts/caller.ts";
import { aCartId, aContact, aKey, cartUnderTest, eur, merchant, mouse, product, refusalOf } from "../spec.ts";
import type { StartCheckoutInput } from "./prepare-checkout.ts";

const visa = PaymentToken.parse("pm_card_visa");
const standard = ShippingMethodId.parse("standard");
const shipTo = ShipTo.parse({ country: "DE", name: "Ada", line1: "Unter den Linden 1", city: "Berlin" });
const elsewhere = ShipTo.parse({ ...shipTo, line1: "Unter den Linden 2" });
const held = { validFrom: null, validUntil: null, minimum: [], products: null, maxUses: null, maxUsesPerCustomer: null };

/** A cart with a mouse in it, in a shop that ships. */
const shopping = async () => {
  const service = await cartUnderTest();
  const { services } = service;
  const method = { name: "Standard", countries: null, prices: [eur(490)], freeFrom: [] };
  await services.shop.putMany("shippingMethod", merchant, [{ id: standard, data: method }]);
  const shopper = service.trpc(await service.token("ada"));
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  const quote = () => shopper.cart.quote.mutate({ cartId, country: shipTo.country, shippingMethodId: standard });
  const agreed = { cartId, shippingMethodId: standard, contact: aContact, shipTo, paymentToken: visa };
  return {
    ...{ service, services, shopper, cartId, quote, checkoutId: checkoutIdOf(cartId, 1) },
    paying: { ...agreed, quoteHash: (await quote()).quoteHash },
    checkout: async () => {
      const { state } = await service.handler.load(cartStreamId(cartId));
      if (state.status === "Absent") throw new Error("the cart is there");
      return checkoutOf(state);
    },
    started: async () =>
      (await service.log.readStream(cartStreamId(cartId))).filter(({ type }) => type === "CheckoutStarted").map(({ data }) => data),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
};

const caller = (subject: string, kind: Caller["kind"], scopes: readonly string[] = []): Caller => ({
  ...{ subject: SubjectId.parse(subject), kind, scopes: new Set(scopes) },
  ...{ correlationId: CorrelationId.parse("test"), clientAddress: "198.51.100.7" },
});

describe("while a checkout runs", () => {
  test("who agreed to just the same is told of it, with no key in common", async () => {
    await using shop = await shopping();
    const first = await shop.shopper.checkout.start.mutate(shop.paying);
    expect(await shop.shopper.checkout.start.mutate(shop.paying)).toEqual(first);
    // Who says nothing of the contact means the one that is there.
    const { contact: _, ...unsaid } = shop.paying;
    expect(await shop.shopper.checkout.start.mutate(unsaid)).toEqual(first);
    expect(await shop.started()).toHaveLength(1);
  });

  test("a second click that was told of it, and is sent again after the shopper has given it up, does not pay", async () => {
    await using shop = await shopping();
    const click = (name: string) => shop.shopper.checkout.start.mutate({ ...shop.paying, idempotencyKey: aKey(name) });
    const first = await click("one");
    expect(await click("two")).toMatchObject({ checkoutId: first.checkoutId, status: "Started", deadline: first.deadline });
    await shop.shopper.checkout.cancel.mutate({ checkoutId: first.checkoutId });
    for (const name of ["one", "two"]) expect(await click(name)).toMatchObject({ checkoutId: first.checkoutId, status: "Failed" });
    expect(await shop.started()).toHaveLength(1);
  });

  test.each<[string, Partial<Omit<StartCheckoutInput, "expectedVersion">>]>([
    ["another total", { quoteHash: `${"A".repeat(22)}.${"B".repeat(22)}.1` as StartCheckoutInput["quoteHash"] }],
    ["another place", { shipTo: elsewhere }],
    ["no place", { shipTo: undefined }],
    ["another way of shipping", { shippingMethodId: ShippingMethodId.parse("express") }],
    ["another person", { contact: Contact.parse({ email: "eve@example.com", locale: "en" }) }],
    ["another number of the same person", { contact: Contact.parse({ ...aContact, phone: "+84901234567" }) }],
    ["another card", { paymentToken: PaymentToken.parse("pm_card_amex") }],
  ])("who agreed to %s is told that it runs, and not that theirs does", async (_what, other) => {
    await using shop = await shopping();
    await shop.shopper.checkout.start.mutate(shop.paying);
    expect(await refusalOf(shop.shopper.checkout.start.mutate({ ...shop.paying, ...other }))).toMatchObject({
      ...{ code: "CheckoutInProgress", checkoutId: shop.checkoutId },
    });
  });
});

test("a cart that costs nothing and was clicked twice is one order, and both clicks are told of it; one on other terms is not", async () => {
  await using shop = await shopping();
  const all = { id: CouponCode.parse("ALL"), data: { ...held, discount: { kind: "percentage", ratePpm: 1_000_000 } as const } };
  const free = { id: CouponCode.parse("FREE"), data: { ...held, discount: { kind: "freeShipping" } as const } };
  await shop.services.shop.putMany("coupon", merchant, [all, free]);
  for (const { id } of [all, free]) await shop.shopper.cart.applyCoupon.mutate({ cartId: shop.cartId, code: id });
  const { quote, quoteHash } = await shop.quote();
  expect(quote.totals.total).toEqual(eur(0));
  const paying = { ...shop.paying, quoteHash };
  const replies = await Promise.all([1, 2, 3].map(() => shop.shopper.checkout.start.mutate(paying)));
  expect(replies.map(({ checkoutId, status }) => [checkoutId, status])).toEqual([1, 2, 3].map(() => [shop.checkoutId, "Ordered"]));
  expect(await refusalOf(shop.shopper.checkout.start.mutate({ ...paying, shipTo: elsewhere }))).toEqual({
    ...{ code: "CartClosed", cartId: shop.cartId, status: "Ordered" },
  });
});

describe("where the shopper is", () => {
  const of = async (shop: Awaited<ReturnType<typeof shopping>>) => {
    const [data] = await shop.started();
    const clientAddress = (data as { clientAddress: string | null }).clientAddress;
    return clientAddress === null
      ? null
      : (await shop.services.privacy.open([{ field: "clientAddress", sealed: clientAddress as never }]))[0];
  };
  const ownAddress = "203.0.113.9";

  test.each<[string, Caller, Partial<StartCheckoutInput>, string | null]>([
    ["the shopper's request came from", caller("user-ada", "user"), { clientAddress: ownAddress }, "198.51.100.7"],
    ["support sits is not it", caller("user-support", "user", ["cart:support"]), { reason: "on the phone" }, null],
    ["a back end sits is not it either", caller("service-shop", "service", ["cart:price"]), {}, null],
    ["a trusted back end says that they are", caller("service-shop", "service", ["cart:price"]), { clientAddress: ownAddress }, ownAddress],
  ])("is where %s", async (_which, who, more, sealed) => {
    await using shop = await shopping();
    expect(await shop.services.checkouts.start(who, { ...shop.paying, ...more })).toMatchObject({ ok: true });
    expect(await of(shop)).toBe(sealed);
  });
});

describe("what is kept of a person", () => {
  const email = EmailAddress.parse("eve@example.com");
  const known = ({ services }: Awaited<ReturnType<typeof shopping>>) =>
    services.privacy.find(caller("user-support", "user"), { by: { field: "email", value: email }, reason: "a test" });
  const contact = Contact.parse({ email, locale: "en" });

  test("is nothing where the checkout was refused", async () => {
    await using shop = await shopping();
    const { paymentToken: _, ...unpaid } = { ...shop.paying, contact };
    expect(await refusalOf(shop.shopper.checkout.start.mutate(unpaid))).toMatchObject({ code: "PaymentTokenMissing" });
    const stockId = StockId.parse("none");
    await shop.services.catalog.put(merchant, { productId: mouse, product: { ...product("Mouse", [eur(1_999)]), stockId } });
    const scarce = shop.shopper.checkout.start.mutate({ ...shop.paying, contact });
    expect(await refusalOf(scarce)).toEqual({ code: "OutOfStock", stockId, productIds: [mouse], wanted: 1, available: 0 });
    expect((await known(shop)).subjects).toEqual([]);
    // Not even a key.
    expect((await shop.shopper.privacy.export.query()).keyCreatedAt).toBeNull();
  });

  test("is nothing where the contact was refused, and a retry under its key is answered as the first time all the same", async () => {
    await using shop = await shopping();
    const { cartId } = shop;
    const first = { cartId, ...contact, email: EmailAddress.parse("ada@example.com"), idempotencyKey: aKey("contact") };
    const { version } = await shop.shopper.cart.setContact.mutate(first);
    await shop.shopper.cart.cancel.mutate({ cartId });
    expect(await refusalOf(shop.shopper.cart.setContact.mutate({ cartId, ...contact }))).toMatchObject({ code: "CartClosed" });
    expect(await refusalOf(shop.shopper.cart.setContact.mutate({ cartId, ...contact, expectedVersion: 99 }))).toMatchObject({
      ...{ code: "VersionMismatch" },
    });
    expect((await known(shop)).subjects).toEqual([]);
    expect(await shop.shopper.cart.setContact.mutate(first)).toMatchObject({ version });
  });

  test("is no key where the contact of who has none was refused", async () => {
    await using shop = await shopping();
    const { cartId } = shop;
    await shop.shopper.cart.cancel.mutate({ cartId });
    expect(await refusalOf(shop.shopper.cart.setContact.mutate({ cartId, ...contact }))).toMatchObject({ code: "CartClosed" });
    expect((await shop.shopper.privacy.export.query()).keyCreatedAt).toBeNull();
  });
});

test("who was forgotten says anew how they are reached before they pay: nobody could be told of the order", async () => {
  await using shop = await shopping();
  const { cartId, shopper } = shop;
  const { contact: _, ...paying } = shop.paying;
  await shopper.cart.setContact.mutate({ cartId, ...aContact });
  await shopper.privacy.forget.mutate();
  expect(await refusalOf(shopper.checkout.start.mutate(paying))).toEqual({ code: "ContactMissing", cartId });
  await shopper.cart.setContact.mutate({ cartId, ...aContact });
  expect(await shopper.checkout.start.mutate(paying)).toMatchObject({ checkoutId: shop.checkoutId });
});

describe("giving up an attempt that was followed by another", () => {
  test("changes nothing, and says what has become of it, under its key too", async () => {
    await using shop = await shopping();
    const { checkoutId, service } = shop;
    await shop.shopper.checkout.start.mutate(shop.paying);
    const cancelling = { checkoutId, idempotencyKey: aKey("cancel") };
    const first = await shop.shopper.checkout.cancel.mutate(cancelling);
    const second = await shop.shopper.checkout.start.mutate(shop.paying);
    expect(second.checkoutId).toBe(checkoutIdOf(shop.cartId, 2));
    expect(await shop.shopper.checkout.cancel.mutate(cancelling)).toEqual(first);
    expect(await shop.shopper.checkout.cancel.mutate({ checkoutId })).toMatchObject({ checkoutId, status: "Failed", failure: "Cancelled" });
    expect(await shop.checkout()).toMatchObject({ checkoutId: second.checkoutId, status: "Started" });
    expect(await refusalOf(shop.shopper.checkout.confirmAction.mutate({ checkoutId }))).toEqual({
      ...{ code: "NoActionRequired", checkoutId, status: "Failed" },
    });
    const never = checkoutIdOf(shop.cartId, 3);
    expect(await refusalOf(shop.shopper.checkout.cancel.mutate({ checkoutId: never }))).toEqual({
      code: "CheckoutNotFound",
      checkoutId: never,
    });
    await service.handler.handle({
      ...{
        streamId: cartStreamId(shop.cartId),
        fingerprint: "a test",
        metadata: { correlationId: "t", actor: { subject: "c", kind: "service" } },
      },
      decide: (cart) => failCheckout({ checkoutId: second.checkoutId, reason: "PaymentDeclined", now: instantOf(new Date()) }, cart),
    });
    expect(await shop.shopper.checkout.cancel.mutate({ checkoutId })).toMatchObject({ failure: "Cancelled" });
  });
});

test("support that looks at what a foreign cart costs leaves a record of it, once", async () => {
  await using shop = await shopping();
  const support = shop.service.trpc(await shop.service.token("support"));
  await support.cart.quote.mutate({ cartId: shop.cartId, reason: "ticket 42" });
  expect(shop.service.supportReads).toMatchObject([{ cartId: shop.cartId, question: "quote", reason: "ticket 42" }]);
});
