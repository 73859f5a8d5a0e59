import { describe, expect, test } from "vitest";
import { aCartId, cartUnderTest, laptop, mouse, refusalOf } from "../spec.ts";

const shopping = async () => {
  const cart = await cartUnderTest();
  const shopper = cart.trpc(await cart.guest());
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 2 });
  return { cart, shopper: shopper.cart, cartId };
};

describe("setQuantity", () => {
  test("sets the line's quantity; zero removes the line", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    expect(await shopper.setQuantity.mutate({ cartId, productId: mouse, quantity: 7 })).toMatchObject({ version: 3 });
    expect(await shopper.view.query({ cartId })).toMatchObject({ items: [{ productId: mouse, quantity: 7 }] });
    await shopper.setQuantity.mutate({ cartId, productId: mouse, quantity: 0 });
    expect(await shopper.view.query({ cartId })).toMatchObject({ version: 4, items: [], canUndo: true });
  });

  test("to what it is changes nothing, adds no event and answers the version and position as they are", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    const changed = await shopper.setQuantity.mutate({ cartId, productId: mouse, quantity: 3 });
    expect(await shopper.setQuantity.mutate({ cartId, productId: mouse, quantity: 3 })).toEqual(changed);
    expect((await shopper.history.query({ cartId })).events).toHaveLength(3);
  });

  test("of what is not in the cart is refused, and so is more than a cart can hold", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    expect(await refusalOf(shopper.setQuantity.mutate({ cartId, productId: laptop, quantity: 1 }))).toEqual({
      code: "NotInCart",
      productId: laptop,
    });
    expect(await refusalOf(shopper.setQuantity.mutate({ cartId, productId: mouse, quantity: 10_000 }))).toEqual({
      code: "TooManyOfProduct",
      productId: mouse,
      asked: 10_000,
      max: 9_999,
    });
  });

  test("of what the shopper saw gets a typed conflict where it has changed, and a retry without it goes through", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    const both = [4, 5].map((quantity) =>
      refusalOf(shopper.setQuantity.mutate({ cartId, productId: mouse, quantity, expectedVersion: 2 })),
    );
    expect((await Promise.all(both)).toSorted()).toEqual([{ code: "VersionMismatch", expected: 2, actual: 3 }, null]);
    expect(await shopper.setQuantity.mutate({ cartId, productId: mouse, quantity: 6 })).toMatchObject({ version: 4 });
  });
});

test("removeItem takes the line away; of what is not there it changes nothing", async () => {
  const { cart, shopper, cartId } = await shopping();
  await using _ = cart;
  expect(await shopper.removeItem.mutate({ cartId, productId: laptop })).toMatchObject({ version: 2 });
  expect(await shopper.removeItem.mutate({ cartId, productId: mouse })).toMatchObject({ version: 3 });
  expect(await shopper.removeItem.mutate({ cartId, productId: mouse })).toMatchObject({ version: 3 });
});

test("undo brings the last removal back, once, and not over what was added again", async () => {
  const { cart, shopper, cartId } = await shopping();
  await using _ = cart;
  expect(await refusalOf(shopper.undo.mutate({ cartId }))).toEqual({ code: "NothingToUndo" });
  await shopper.clear.mutate({ cartId });
  await shopper.undo.mutate({ cartId });
  expect(await shopper.view.query({ cartId })).toMatchObject({ version: 4, items: [{ productId: mouse, quantity: 2 }], canUndo: false });
  await shopper.removeItem.mutate({ cartId, productId: mouse });
  await shopper.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  expect(await refusalOf(shopper.undo.mutate({ cartId }))).toEqual({ code: "BackInCart", productIds: [mouse] });
});

test("a cancelled cart takes nothing any more; cancelling it again changes nothing", async () => {
  const { cart, shopper, cartId } = await shopping();
  await using _ = cart;
  expect(await shopper.cancel.mutate({ cartId })).toMatchObject({ version: 3 });
  expect(await shopper.cancel.mutate({ cartId })).toMatchObject({ version: 3 });
  const closed = { code: "CartClosed", cartId, status: "Cancelled" };
  expect(await refusalOf(shopper.addItem.mutate({ cartId, productId: mouse, quantity: 1 }))).toEqual(closed);
  expect(await refusalOf(shopper.setQuantity.mutate({ cartId, productId: mouse, quantity: 1 }))).toEqual(closed);
  expect(await refusalOf(shopper.removeItem.mutate({ cartId, productId: mouse }))).toEqual(closed);
  expect(await refusalOf(shopper.clear.mutate({ cartId }))).toEqual(closed);
  expect(await refusalOf(shopper.undo.mutate({ cartId }))).toEqual(closed);
  expect(await shopper.view.query({ cartId })).toMatchObject({ status: "Cancelled", items: [{ productId: mouse }] });
});

test("a cart holds 500 products and no more, and no more than 9,999 of one", async () => {
  await using cart = await cartUnderTest();
  const shop = cart.trpc(await cart.token("shop")).cart;
  const cartId = aCartId();
  const add = (index: number) =>
    shop.addItem.mutate({ cartId, productId: `p-${index}` as never, productName: "Thing", price: 1, quantity: 9_999 });
  for (let index = 0; index < 500; index += 50) await Promise.all(Array.from({ length: 50 }, (_, offset) => add(index + offset)));
  expect(await refusalOf(add(500))).toEqual({ code: "CartFull", maxDistinctProducts: 500 });
  expect(await refusalOf(add(7))).toMatchObject({ code: "TooManyOfProduct", asked: 19_998 });
  expect(await shop.view.query({ cartId })).toMatchObject({ version: 501, totals: { lineCount: 500, itemCount: 4_999_500 } });
});

test("a total that no whole number holds exactly is refused, not rounded", async () => {
  await using cart = await cartUnderTest();
  const shop = cart.trpc(await cart.token("shop")).cart;
  const cartId = aCartId();
  const add = (quantity: number) =>
    shop.addItem.mutate({ cartId, productId: mouse, price: Number.MAX_SAFE_INTEGER, quantity, currency: "JPY" });
  await add(1);
  expect(await refusalOf(add(1))).toEqual({ code: "TotalTooLarge", currency: "JPY" });
});
