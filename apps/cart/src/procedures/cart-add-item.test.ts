import { expect, test } from "vitest";
import { aCartId, aKey, cartUnderTest, eur, laptop, merchant, mouse, product, refusalOf, retired } from "../spec.ts";

test("the first add opens the cart, in the currency of the shop, and the line is what the catalogue says", async () => {
  await using cart = await cartUnderTest();
  const shopper = cart.trpc(await cart.guest());
  const cartId = aCartId();
  const reply = await shopper.cart.addItem.mutate({ cartId, productId: laptop, quantity: 2 });
  expect(reply).toEqual({ cartId, version: 2, position: expect.any(BigInt), notices: [] });
  expect(await shopper.cart.view.query({ cartId })).toMatchObject({
    version: 2,
    status: "Open",
    currency: "EUR",
    items: [
      {
        productId: laptop,
        name: "Gaming Laptop",
        category: "computers",
        quantity: 2,
        unitPrice: eur(25_000_000),
        lineTotal: eur(50_000_000),
      },
    ],
    totals: { itemCount: 2, lineCount: 1, total: eur(50_000_000) },
    openedAt: expect.any(Date),
    notices: [],
  });
});

test("adding the same product adds to its quantity", async () => {
  await using cart = await cartUnderTest();
  const shopper = cart.trpc(await cart.guest());
  const cartId = aCartId();
  await Promise.all(Array.from({ length: 50 }, () => shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 })));
  expect(await shopper.cart.view.query({ cartId })).toMatchObject({ version: 51, items: [{ productId: mouse, quantity: 50 }] });
});

test("a price that is not the list's is told, with both, and nothing is added", async () => {
  await using cart = await cartUnderTest();
  const shopper = cart.trpc(await cart.guest());
  const cartId = aCartId();
  expect(await refusalOf(shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1, price: 1_500 }))).toEqual({
    code: "PriceChanged",
    productId: mouse,
    seen: eur(1_500),
    list: eur(1_999),
  });
  expect(await refusalOf(shopper.cart.view.query({ cartId }))).toEqual({ code: "CartNotFound", cartId });
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1, price: 1_999 });
});

test("a line whose price has changed since is repriced with a notice, which a retry gets again", async () => {
  await using cart = await cartUnderTest();
  const shopper = cart.trpc(await cart.guest());
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  await cart.services.catalog.put(merchant, { productId: mouse, product: product("Mouse", [eur(2_499)]) });
  const notice = { code: "PriceChanged", productId: mouse, from: eur(1_999), to: eur(2_499) };
  expect((await shopper.cart.view.query({ cartId })).notices).toEqual([notice]);
  const add = { cartId, productId: mouse, quantity: 1, idempotencyKey: aKey("second") };
  const reply = await shopper.cart.addItem.mutate(add);
  expect(reply).toMatchObject({ version: 4, notices: [notice] });
  expect(await shopper.cart.addItem.mutate(add)).toEqual(reply);
  expect(await shopper.cart.view.query({ cartId })).toMatchObject({
    version: 4,
    items: [{ quantity: 2, unitPrice: eur(2_499) }],
    notices: [],
  });
});

test("who names no currency buys in the cart's; another one is refused", async () => {
  await using cart = await cartUnderTest();
  const shopper = cart.trpc(await cart.guest());
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1, currency: "USD" });
  await shopper.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
  expect(await shopper.cart.view.query({ cartId })).toMatchObject({ currency: "USD", totals: { total: { amountMinor: 54_000_000 } } });
  expect(await refusalOf(shopper.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1, currency: "EUR" }))).toEqual({
    code: "CurrencyMismatch",
    cart: "USD",
    given: "EUR",
  });
  expect(await refusalOf(shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 }))).toEqual({
    code: "CurrencyNotOffered",
    productId: mouse,
    currency: "USD",
    offered: ["EUR"],
  });
});

test.each([
  ["an unknown product", { productId: "nothing" }, { code: "ProductNotFound", productId: "nothing" }],
  ["a product that is no longer sold", { productId: retired }, { code: "ProductRetired", productId: retired }],
  ["more of one than a cart can hold", { quantity: 10_000 }, { code: "TooManyOfProduct", productId: mouse, asked: 10_000, max: 9_999 }],
  ["somebody else as the owner", { userId: "user-ada" }, { code: "OwnerMismatch", userId: "user-ada" }],
  ["an expectation of a cart that is not there", { expectedVersion: 3 }, { code: "VersionMismatch", expected: 3, actual: 0 }],
])("%s is refused and opens no cart", async (_, fields, refusal) => {
  await using cart = await cartUnderTest();
  const shopper = cart.trpc(await cart.guest());
  const cartId = aCartId();
  const add = { cartId, productId: mouse, quantity: 1, ...fields } as { cartId: typeof cartId; productId: typeof mouse; quantity: number };
  expect(await refusalOf(shopper.cart.addItem.mutate(add))).toEqual(refusal);
  expect(await shopper.cart.current.query()).toBeNull();
});

test("a retry under the same key gets the first answer; the key with another input is an error", async () => {
  await using cart = await cartUnderTest();
  const shopper = cart.trpc(await cart.guest());
  const cartId = aCartId();
  const add = { cartId, productId: mouse, quantity: 1, idempotencyKey: aKey("k") };
  const first = await shopper.cart.addItem.mutate(add);
  await shopper.cart.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
  expect(await shopper.cart.addItem.mutate(add)).toEqual(first);
  expect(await refusalOf(shopper.cart.addItem.mutate({ ...add, quantity: 2 }))).toEqual({ code: "IdempotencyKeyReused", key: "k" });
  expect(await refusalOf(shopper.cart.setQuantity.mutate({ ...add }))).toEqual({ code: "IdempotencyKeyReused", key: "k" });
  expect((await shopper.cart.view.query({ cartId })).version).toBe(3);
});

test("the same key of two shoppers is two keys", async () => {
  await using cart = await cartUnderTest();
  const [one, other] = [cart.trpc(await cart.guest()), cart.trpc(await cart.guest())];
  const add = (cartId = aCartId()) => ({ cartId, productId: mouse, quantity: 1, idempotencyKey: aKey("same") });
  expect(await one.cart.addItem.mutate(add())).toMatchObject({ version: 2 });
  expect(await other.cart.addItem.mutate(add())).toMatchObject({ version: 2 });
});
