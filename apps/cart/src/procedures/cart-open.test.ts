import { expect, test } from "vitest";
import { aCartId, aKey, cartUnderTest, mouse, refusalOf } from "../spec.ts";

test("without an id it opens the subject's current cart, and answers it from then on", async () => {
  await using cart = await cartUnderTest();
  const ada = cart.trpc(await cart.token("ada"));
  expect(await ada.cart.current.query()).toBeNull();
  const opened = await ada.cart.open.mutate({});
  expect(opened).toMatchObject({ version: 1, notices: [] });
  expect(await ada.cart.open.mutate()).toEqual(opened);
  const onAnotherDevice = cart.trpc(await cart.token("ada"));
  expect(await onAnotherDevice.cart.current.query()).toMatchObject({ cartId: opened.cartId, currency: "EUR", items: [] });
});

test("fifty at once by a new subject make one cart", async () => {
  await using cart = await cartUnderTest();
  const ada = cart.trpc(await cart.token("ada"));
  const replies = await Promise.all(Array.from({ length: 50 }, () => ada.cart.open.mutate({})));
  expect(new Set(replies.map(({ cartId }) => cartId)).size).toBe(1);
  expect(new Set(replies.map(({ version }) => version))).toEqual(new Set([1]));
});

test("a subject may have several carts: the first one that is open is the current one", async () => {
  await using cart = await cartUnderTest();
  const ada = cart.trpc(await cart.token("ada"));
  const [first, second] = [aCartId(), aCartId()];
  for (const cartId of [first, second]) await ada.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  expect(await ada.cart.open.mutate({})).toMatchObject({ cartId: first, version: 2 });
  await ada.cart.cancel.mutate({ cartId: first });
  expect(await ada.cart.current.query()).toBeNull();
  const third = await ada.cart.open.mutate({});
  expect([first, second]).not.toContain(third.cartId);
  expect((await ada.cart.current.query())?.cartId).toBe(third.cartId);
});

test("with an id it opens that cart; opening it again changes nothing", async () => {
  await using cart = await cartUnderTest();
  const ada = cart.trpc(await cart.token("ada"));
  const cartId = aCartId();
  expect(await ada.cart.open.mutate({ cartId, currency: "USD" })).toMatchObject({ cartId, version: 1 });
  expect(await ada.cart.open.mutate({ cartId })).toMatchObject({ cartId, version: 1 });
  expect(await refusalOf(ada.cart.open.mutate({ cartId, currency: "EUR" }))).toEqual({
    code: "CurrencyMismatch",
    cart: "USD",
    given: "EUR",
  });
  await ada.cart.cancel.mutate({ cartId });
  expect(await refusalOf(ada.cart.open.mutate({ cartId }))).toEqual({ code: "CartClosed", cartId, status: "Cancelled" });
});

test("a retry whose answer was lost gets the cart that it opened, also when that is closed by now", async () => {
  await using cart = await cartUnderTest();
  const ada = cart.trpc(await cart.token("ada"));
  const idempotencyKey = aKey();
  const opened = await ada.cart.open.mutate({ idempotencyKey });
  expect(await ada.cart.open.mutate({ idempotencyKey })).toEqual(opened);
  await ada.cart.cancel.mutate({ cartId: opened.cartId });
  expect(await ada.cart.open.mutate({ idempotencyKey })).toEqual(opened);
  expect(await refusalOf(ada.cart.open.mutate({ idempotencyKey, currency: "USD" }))).toEqual({
    code: "IdempotencyKeyReused",
    key: idempotencyKey,
  });
  const { cartId } = await ada.cart.open.mutate({ idempotencyKey: aKey() });
  expect(cartId).not.toBe(opened.cartId);
});

test("a key finds the current cart that another device has opened", async () => {
  await using cart = await cartUnderTest();
  const ada = cart.trpc(await cart.token("ada"));
  const { cartId } = await ada.cart.open.mutate({});
  await ada.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  expect(await ada.cart.open.mutate({ idempotencyKey: aKey() })).toMatchObject({ cartId, version: 2 });
});

test("nobody opens a cart for somebody else", async () => {
  await using cart = await cartUnderTest();
  const ada = cart.trpc(await cart.token("ada"));
  const userId = "user-grace" as never;
  expect(await refusalOf(ada.cart.open.mutate({ userId }))).toEqual({ code: "OwnerMismatch", userId });
});
