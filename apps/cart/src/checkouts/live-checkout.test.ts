import { approveCheckout } from "@cartwright/cart-domain/approve-checkout";
import type { Cart } from "@cartwright/cart-domain/cart";
import { failCheckout } from "@cartwright/cart-domain/fail-checkout";
import { placeOrder } from "@cartwright/cart-domain/place-order";
import { recordPaid } from "@cartwright/cart-domain/record-order-payment";
import { requireAction } from "@cartwright/cart-domain/require-action";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { cartOfCheckout, checkoutIdOf, orderIdOf } from "@cartwright/contracts/checkout-ids";
import { type CheckoutId, CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentAction, PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { Decision } from "@cartwright/decider/decision";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import type { LiveStep } from "../live/live-steps.ts";
import { aCartId, agreed, cartUnderTest, mouse } from "../spec.ts";

const now = Instant.parse("2026-01-31T09:45:00.000Z");
const action = PaymentAction.parse({ kind: "redirect", url: "https://bank.example/3ds" });
const caller = (subject: string, scopes: readonly string[] = []): Caller => ({
  ...{ subject: SubjectId.parse(subject), kind: "user", scopes: new Set(scopes), correlationId: CorrelationId.parse("test") },
});
const ada = caller("user-ada");

/** Ada pays for a mouse; what fraud screening and billing would say is said by `drive`. */
const paying = async () => {
  const service = await cartUnderTest();
  const shopper = service.trpc(await service.token("ada"));
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  const start = async () =>
    shopper.checkout.start.mutate(await agreed(shopper, { cartId, paymentToken: PaymentToken.parse("pm_card_visa") }));
  const { checkoutId } = await start();
  const drive = (decide: (cart: Cart) => Decision<CartEvent, never>) =>
    service.handler.handle({
      ...{ streamId: cartStreamId(cartOfCheckout(checkoutId)), fingerprint: crypto.randomUUID() },
      metadata: { correlationId: "test", actor: { subject: "service-cart", kind: "service" } },
      decide,
    });
  const { services } = service;
  return {
    ...{ service, services, shopper, start, checkoutId },
    approve: (id: CheckoutId = checkoutId) => drive((cart) => approveCheckout({ checkoutId: id, now }, cart)),
    require: () => drive((cart) => requireAction({ checkoutId, action, now }, cart)),
    decline: () => drive((cart) => failCheckout({ checkoutId, reason: "PaymentDeclined", now }, cart)),
    place: () => drive((cart) => placeOrder({ checkoutId, now }, cart)),
    pay: () => drive((cart) => recordPaid({ checkoutId, paidTotal: { amountMinor: 1_999, currency: "EUR" }, now }, cart)),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
};

/** Reads what is told until it is disposed. */
const follow = async <View>(begin: (signal: AbortSignal) => Promise<Answer<AsyncIterable<LiveStep<View>>>>) => {
  const aborting = new AbortController();
  const answer = await begin(aborting.signal);
  if (!answer.ok) throw new Error(answer.refusal.code);
  const told: LiveStep<View>[] = [];
  const reading = (async () => {
    for await (const step of answer.value) told.push(step);
  })().catch((error: unknown) => {
    if (!aborting.signal.aborted) throw error;
  });
  return {
    told,
    /** Once so many steps were told, and a moment in which no more could have come. */
    after: async (count: number) => {
      await until(() => told.length >= count);
      return told;
    },
    async [Symbol.asyncDispose]() {
      aborting.abort();
      await reading;
    },
  };
};

const versions = (told: readonly { version: number }[]) => told.map(({ version }) => version);

describe("a checkout that is followed", () => {
  test("is told as it is, and then each step until it is an order", async () => {
    await using shop = await paying();
    const { checkoutId } = shop;
    await using following = await follow((signal) => shop.services.checkouts.live(ada, { checkoutId }, signal));
    await following.after(1);
    await shop.approve();
    await shop.require();
    await following.after(3);
    await shop.shopper.checkout.confirmAction.mutate({ checkoutId });
    await shop.place();
    // What becomes of the order is no step of the checkout.
    await shop.pay();
    expect((await following.after(5)).map(({ view }) => [view.status, view.action, view.orderId])).toEqual([
      ["Started", null, null],
      ["Approved", null, null],
      ["ActionRequired", action, null],
      ["Approved", null, null],
      ["Ordered", null, orderIdOf(checkoutId)],
    ]);
    expect(versions(following.told)).toEqual([4, 5, 6, 7, 8]);
  });

  test("by who comes back with what they had is told each step that they missed, once, and goes on", async () => {
    await using shop = await paying();
    const { checkoutId } = shop;
    await shop.approve();
    await shop.require();
    await using following = await follow((signal) => shop.services.checkouts.live(ada, { checkoutId, lastEventId: "4" }, signal));
    await following.after(2);
    await shop.decline();
    expect((await following.after(3)).map(({ version, view }) => [version, view.status, view.failure])).toEqual([
      [5, "Approved", null],
      [6, "ActionRequired", null],
      [7, "Failed", "PaymentDeclined"],
    ]);
    await using nothingNew = await follow((signal) => shop.services.checkouts.live(ada, { checkoutId, lastEventId: "7" }, signal));
    await using beyond = await follow((signal) => shop.services.checkouts.live(ada, { checkoutId, lastEventId: "99" }, signal));
    // Of a version that the cart never had, as after a restore: told anew.
    expect(await beyond.after(1)).toMatchObject([{ version: 7, view: { status: "Failed" } }]);
    expect(nothingNew.told).toEqual([]);
  });

  test("stays as it was when another attempt follows it, and each is told of its own", async () => {
    await using shop = await paying();
    const first = shop.checkoutId;
    await using followingFirst = await follow((signal) => shop.services.checkouts.live(ada, { checkoutId: first }, signal));
    await shop.decline();
    const { checkoutId: second } = await shop.start();
    await using followingSecond = await follow((signal) => shop.services.checkouts.live(ada, { checkoutId: second }, signal));
    await shop.approve(second);
    expect((await followingSecond.after(2)).map(({ view }) => [view.checkoutId, view.status])).toEqual([
      [second, "Started"],
      [second, "Approved"],
    ]);
    expect((await followingFirst.after(2)).map(({ view }) => [view.checkoutId, view.status])).toEqual([
      [first, "Started"],
      [first, "Failed"],
    ]);
    await using late = await follow((signal) => shop.services.checkouts.live(ada, { checkoutId: first }, signal));
    expect(await late.after(1)).toMatchObject([{ view: { checkoutId: first, status: "Failed", failure: "PaymentDeclined" } }]);
  });

  test("that is given up and begun again in the moment before anything was told has failed", async () => {
    await using shop = await paying();
    const { checkoutId, services } = shop;
    await using following = await follow(async (signal) => {
      const live = await services.checkouts.live(ada, { checkoutId }, signal);
      await shop.shopper.checkout.cancel.mutate({ checkoutId });
      await shop.start();
      return live;
    });
    expect(await following.after(1)).toMatchObject([{ view: { checkoutId, status: "Failed", failure: "Cancelled" } }]);
  });

  test("by support needs a reason, which is recorded; somebody else's is not there", async () => {
    await using shop = await paying();
    const { checkoutId, services } = shop;
    const { signal } = new AbortController();
    const support = caller("user-support", ["cart:support"]);
    expect(await services.checkouts.live(support, { checkoutId }, signal)).toEqual({ ok: false, refusal: { code: "ReasonMissing" } });
    await using following = await follow((live) => services.checkouts.live(support, { checkoutId, reason: "ticket 42" }, live));
    expect(await following.after(1)).toMatchObject([{ view: { status: "Started" } }]);
    expect(shop.service.supportReads).toMatchObject([{ question: "checkout", reason: "ticket 42" }]);
    for (const id of [checkoutId, checkoutIdOf(aCartId(), 1)])
      expect(await services.checkouts.live(caller("user-grace"), { checkoutId: id }, signal)).toEqual({
        ...{ ok: false, refusal: { code: "CheckoutNotFound", checkoutId: id } },
      });
  });
});

describe("an order that is followed", () => {
  test("is told as it is and whole again whenever it has changed, also to who comes back, once", async () => {
    await using shop = await paying();
    const orderId = orderIdOf(shop.checkoutId);
    const { signal } = new AbortController();
    const notYet = await shop.services.orders.live(ada, { orderId }, signal);
    expect(notYet).toEqual({ ok: false, refusal: { code: "OrderNotFound", orderId } });
    await shop.approve();
    await shop.place();
    await using following = await follow((live) => shop.services.orders.live(ada, { orderId }, live));
    expect(await following.after(1)).toMatchObject([{ version: 6, view: { orderId, status: "placed", items: [{ productId: mouse }] } }]);
    await shop.pay();
    expect((await following.after(2))[1]).toMatchObject({ version: 7, view: { status: "paid", paid: { amountMinor: 1_999 } } });
    await using back = await follow((live) => shop.services.orders.live(ada, { orderId, lastEventId: "6" }, live));
    expect(versions(await back.after(1))).toEqual([7]);
    expect(versions(following.told)).toEqual([6, 7]);
  });

  test("by support needs a reason; somebody else's is not there", async () => {
    await using shop = await paying();
    await shop.approve();
    await shop.place();
    const orderId = orderIdOf(shop.checkoutId);
    const { signal } = new AbortController();
    const support = caller("user-support", ["cart:support"]);
    expect(await shop.services.orders.live(support, { orderId }, signal)).toEqual({ ok: false, refusal: { code: "ReasonMissing" } });
    await using following = await follow((live) => shop.services.orders.live(support, { orderId, reason: "ticket 42" }, live));
    expect(await following.after(1)).toMatchObject([{ view: { status: "placed" } }]);
    expect(shop.service.supportReads).toMatchObject([{ question: "order", reason: "ticket 42" }]);
    expect(await shop.services.orders.live(caller("user-grace"), { orderId }, signal)).toEqual({
      ...{ ok: false, refusal: { code: "OrderNotFound", orderId } },
    });
  });
});
