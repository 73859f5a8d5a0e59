import { viewOf } from "@cartwright/cart-domain/view-of";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { checkoutIdOf, orderIdOf } from "@cartwright/contracts/checkout-ids";
import type { CartId } from "@cartwright/contracts/ids";
import { inMemoryCartViews } from "@cartwright/read-model/in-memory-cart-views";
import { fakeClock } from "@cartwright/testkit/fake-clock";
import { describe, expect, test } from "vitest";
import { aCartId, type CartUnderTest, cartUnderTest, laptop, merchant, mouse, refusalOf } from "../spec.ts";

const shopping = async (options: Parameters<typeof cartUnderTest>[0] = {}) => {
  const cart = await cartUnderTest(options);
  const shopper = cart.trpc(await cart.guest()).cart;
  const cartId = aCartId();
  await shopper.addItem.mutate({ cartId, productId: mouse, quantity: 2 });
  return { cart, shopper, cartId };
};

describe("view", () => {
  test("answers what the read model has, a moment behind", async () => {
    const views = inMemoryCartViews();
    const { cart, shopper, cartId } = await shopping({ views });
    await using _ = cart;
    await project(cart, views, cartId);
    await shopper.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    expect((await shopper.view.query({ cartId })).version).toBe(2);
  });

  test("waits for the version that the client knows of", async () => {
    const views = inMemoryCartViews();
    const { cart, shopper, cartId } = await shopping({ views });
    await using _ = cart;
    await project(cart, views, cartId);
    const { version } = await shopper.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    const waited = shopper.view.query({ cartId, atLeastVersion: version });
    await project(cart, views, cartId);
    expect((await waited).version).toBe(3);
  });

  test("folds the log where the read model does not get there, has nothing, or is away", async () => {
    const views = inMemoryCartViews();
    const stuck = { ...views, waitForVersion: async () => null };
    const { cart, shopper, cartId } = await shopping({ views: stuck });
    await using _ = cart;
    expect((await shopper.view.query({ cartId })).version).toBe(2);
    await project(cart, views, cartId);
    await shopper.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    expect((await shopper.view.query({ cartId, atLeastVersion: 3 })).version).toBe(3);
    stuck.get = () => Promise.reject(new Error("away"));
    expect((await shopper.view.query({ cartId })).version).toBe(3);
  });

  test("says where the cart is when it is not yet where the client wants it", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    expect(await refusalOf(shopper.view.query({ cartId, atLeastVersion: 9 }))).toEqual({
      code: "VersionNotReached",
      atLeast: 9,
      actual: 2,
    });
  });

  test("does not wait for a foreign cart, which would tell that it is there", async () => {
    const views = inMemoryCartViews();
    const waitForVersion = () => Promise.reject(new Error("it waited"));
    const { cart, cartId } = await shopping({ views: { ...views, waitForVersion } });
    await using _ = cart;
    await project(cart, views, cartId);
    const stranger = cart.trpc(await cart.guest()).cart;
    expect(await refusalOf(stranger.view.query({ cartId, atLeastVersion: 9 }))).toEqual({ code: "CartNotFound", cartId });
  });

  test("tells of prices that have changed and products that are no longer sold", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    await cart.services.catalog.retire(merchant, { productId: mouse });
    expect((await shopper.view.query({ cartId })).notices).toEqual([{ code: "ProductRetired", productId: mouse }]);
  });
});

describe("list", () => {
  test("pages through a subject's carts, the newest first, and filters by status", async () => {
    const views = inMemoryCartViews();
    const clock = fakeClock();
    await using cart = await cartUnderTest({ views, now: clock.now });
    const shopper = cart.trpc(await cart.guest()).cart;
    const cartIds: CartId[] = [];
    for (let index = 0; index < 5; index++) {
      const cartId = aCartId();
      clock.advance(1_000);
      await shopper.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
      if (index === 2) await shopper.cancel.mutate({ cartId });
      await project(cart, views, cartId);
      cartIds.unshift(cartId);
    }
    const first = await shopper.list.query({ limit: 3 });
    const second = await shopper.list.query({ limit: 3, ...(first.nextCursor && { cursor: first.nextCursor }) });
    expect([...first.items, ...second.items].map(({ cartId }) => cartId)).toEqual(cartIds);
    expect(second.nextCursor).toBeNull();
    expect(first.items[0]).toMatchObject({ status: "Open", version: 2, totals: { itemCount: 1 }, openedAt: expect.any(Date) });
    expect(first.items[0]).not.toHaveProperty("items");
    expect((await shopper.list.query({ status: "Cancelled" })).items).toHaveLength(1);
    expect(await refusalOf(shopper.list.query({ cursor: "nonsense" }))).toEqual({ code: "InvalidInput" });
    expect((await cart.trpc(await cart.guest()).cart.list.query()).items).toEqual([]);
  });
});

describe("a list for a client that has just done something", () => {
  const atLeast = ({ cartId, position }: { cartId: CartId; position: bigint }) => ({ positionOf: cartId, atLeastPosition: position });

  test("waits until the projection has what the command answered", async () => {
    const views = inMemoryCartViews();
    const { cart, shopper, cartId } = await shopping({ views });
    await using _ = cart;
    const reply = await shopper.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    const waiting = shopper.list.query(atLeast(reply));
    await project(cart, views, cartId, reply.position);
    expect((await waiting).items).toMatchObject([{ cartId, version: 3 }]);
  });

  test("shows it from the log where there is no projection, in the list of orders by the order's id, too", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    const reply = await shopper.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
    expect((await shopper.list.query(atLeast(reply))).items).toMatchObject([{ cartId, version: 3 }]);
    expect((await shopper.list.query()).items).toMatchObject([{ cartId, version: 3 }]);
    const orders = cart.trpc(await cart.guest()).order;
    const orderId = orderIdOf(checkoutIdOf(cartId, 1));
    expect((await orders.list.query({ positionOf: orderId, atLeastPosition: reply.position })).items).toEqual([]);
  });

  test("is refused where only half of it is said", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    for (const half of [{ positionOf: cartId }, { atLeastPosition: 3n }])
      expect(await refusalOf(shopper.list.query(half))).toEqual({ code: "InvalidInput" });
  });
});

describe("at", () => {
  test("shows the cart as it was at a version or a moment", async () => {
    const clock = fakeClock("2026-03-01T12:00:00.000Z");
    const { cart, shopper, cartId } = await shopping({ now: clock.now });
    await using _ = cart;
    const before = clock.now();
    clock.advance(60_000);
    await shopper.addItem.mutate({ cartId, productId: laptop, quantity: 1 });
    expect(await shopper.at.query({ cartId, version: 2 })).toMatchObject({ version: 2, items: [{ productId: mouse }] });
    expect(await shopper.at.query({ cartId, time: before })).toMatchObject({ version: 2, totals: { itemCount: 2 } });
    expect(await shopper.at.query({ cartId, time: clock.now() })).toMatchObject({ version: 3, totals: { itemCount: 3 } });
    expect(await shopper.at.query({ cartId, version: 1 })).toMatchObject({ version: 1, items: [], openedAt: before });
  });

  test("is refused before the cart was there, beyond its end, and where it is not said when", async () => {
    const { cart, shopper, cartId } = await shopping();
    await using _ = cart;
    expect(await refusalOf(shopper.at.query({ cartId, time: new Date(0) }))).toEqual({ code: "CartNotFound", cartId });
    expect(await refusalOf(shopper.at.query({ cartId, version: 9 }))).toEqual({ code: "VersionNotReached", atLeast: 9, actual: 2 });
    expect(await refusalOf(shopper.at.query({ cartId }))).toEqual({ code: "InvalidInput" });
    expect(await refusalOf(shopper.at.query({ cartId, version: 1, time: new Date() }))).toEqual({ code: "InvalidInput" });
  });
});

describe("history", () => {
  test("tells what happened, when, and who did it, page by page", async () => {
    const clock = fakeClock();
    const { cart, shopper, cartId } = await shopping({ now: clock.now });
    await using _ = cart;
    await shopper.clear.mutate({ cartId });
    const { version, events } = await shopper.history.query({ cartId });
    expect(version).toBe(3);
    expect(events.map((event) => [event.version, event.type])).toEqual([
      [1, "CartOpened"],
      [2, "ItemAddedToCart"],
      [3, "CartCleared"],
    ]);
    const { owner } = await shopper.view.query({ cartId });
    expect(events[1]).toMatchObject({
      data: { productId: mouse, quantity: 2 },
      time: clock.now(),
      actor: { subject: owner, kind: "guest" },
      position: expect.any(BigInt),
    });
    expect((await shopper.history.query({ cartId, after: 1, limit: 1 })).events).toEqual(events.slice(1, 2));
    expect((await shopper.history.query({ cartId, after: 9 })).events).toEqual([]);
  });
});

/** What the projector does: the view is as the log has the cart now. */
const project = async (cart: CartUnderTest, views: ReturnType<typeof inMemoryCartViews>, cartId: CartId, position = 0n) => {
  const { state, version } = await cart.handler.load(cartStreamId(cartId));
  if (state.status === "Absent") throw new Error("nothing to show");
  const view = viewOf(state, version);
  await views.flush((writer) => writer.apply([{ view, remainder: {} }]), { cartId, position });
  views.applied([view]);
};
