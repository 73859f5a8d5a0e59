import { failCheckout } from "@cartwright/cart-domain/fail-checkout";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { describe, expect, test } from "vitest";
import { aCartId, agreed, aKey, type CartUnderTest, cartUnderTest, mouse, refusalOf } from "../spec.ts";

const visa = PaymentToken.parse("pm_card_visa");
const amex = PaymentToken.parse("pm_card_amex");

const shopping = async () => {
  const service = await cartUnderTest();
  const shopper = service.trpc(await service.token("ada"));
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 2 });
  return { service, shopper, cartId, checkoutId: checkoutIdOf(cartId, 1) };
};

const fails = ({ handler }: CartUnderTest, checkoutId: CheckoutId) =>
  handler.handle({
    streamId: cartStreamId(aCartIdOf(checkoutId)),
    fingerprint: "a test",
    metadata: { correlationId: "a test", actor: { subject: "service-cart", kind: "service" } },
    decide: (cart) => failCheckout({ checkoutId, reason: "PaymentDeclined", now: instantOf(new Date()) }, cart),
  });
const aCartIdOf = (checkoutId: CheckoutId) => checkoutId.split(".")[0] as ReturnType<typeof aCartId>;

describe("starting a checkout", () => {
  test("freezes the cart, and its view says until when", async () => {
    const { service, shopper, cartId, checkoutId } = await shopping();
    await using _ = service;
    const reply = await shopper.checkout.start.mutate(await agreed(shopper, { cartId, paymentToken: visa }));
    expect(reply).toMatchObject({ checkoutId, status: "Started", version: 4 });
    expect(reply.deadline.getTime() - Date.now()).toBeGreaterThan(14 * 60_000);
    const refusal = { code: "CheckoutInProgress", cartId, checkoutId, deadline: reply.deadline.toISOString() };
    expect(await refusalOf(shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 }))).toEqual(refusal);
    expect(await refusalOf(shopper.cart.cancel.mutate({ cartId }))).toEqual(refusal);
    expect(await shopper.cart.view.query({ cartId, atLeastVersion: 4 })).toMatchObject({
      status: "CheckingOut",
      checkout: { checkoutId, status: "Started", amount: { amountMinor: 3_998 }, deadline: reply.deadline },
    });
    expect(await shopper.cart.current.query()).toMatchObject({ cartId, status: "CheckingOut" });
    expect(await shopper.cart.open.mutate({})).toMatchObject({ cartId, version: 4 });
  });

  test("twenty times at once is one checkout, and each is told of it", async () => {
    const { service, shopper, cartId, checkoutId } = await shopping();
    await using _ = service;
    const paying = await agreed(shopper, { cartId, paymentToken: visa });
    const replies = await Promise.all(Array.from({ length: 20 }, () => shopper.checkout.start.mutate(paying)));
    expect(new Set(replies.map((reply) => `${reply.checkoutId} ${reply.deadline.getTime()}`)).size).toBe(1);
    const { events } = await shopper.cart.history.query({ cartId, after: 3 });
    expect(events).toMatchObject([{ type: "CheckoutStarted", data: { checkoutId, attempt: 1 } }]);
  });

  test("again under its key is answered as the first time, also when another attempt has begun since", async () => {
    const { service, shopper, cartId, checkoutId } = await shopping();
    await using _ = service;
    const start = await agreed(shopper, { cartId, paymentToken: visa, idempotencyKey: aKey("pay") });
    const first = await shopper.checkout.start.mutate(start);
    await fails(service, checkoutId);
    const second = await shopper.checkout.start.mutate(await agreed(shopper, { cartId, paymentToken: amex }));
    expect(second.checkoutId).toBe(checkoutIdOf(cartId, 2));
    expect(await shopper.checkout.start.mutate(start)).toMatchObject({ checkoutId, status: "Failed", deadline: first.deadline });
    expect(await refusalOf(shopper.checkout.start.mutate({ ...start, paymentToken: amex }))).toMatchObject({
      code: "IdempotencyKeyReused",
    });
  });

  test("by a card number is refused before anything else", async () => {
    const { service, shopper, cartId } = await shopping();
    await using _ = service;
    const paymentToken = "4242424242424242" as PaymentToken;
    expect(await refusalOf(shopper.checkout.start.mutate(await agreed(shopper, { cartId, paymentToken })))).toEqual({
      code: "CardNumberInInput",
    });
  });
});

describe("the status of a checkout", () => {
  test("is told of the last attempt and of those before it", async () => {
    const { service, shopper, cartId, checkoutId } = await shopping();
    await using _ = service;
    await shopper.checkout.start.mutate(await agreed(shopper, { cartId, paymentToken: visa }));
    expect(await shopper.checkout.status.query({ checkoutId })).toMatchObject({ checkoutId, cartId, status: "Started", failure: null });
    await fails(service, checkoutId);
    await shopper.checkout.start.mutate(await agreed(shopper, { cartId, paymentToken: amex }));
    expect(await shopper.checkout.status.query({ checkoutId })).toMatchObject({ status: "Failed", failure: "PaymentDeclined" });
    expect(await shopper.checkout.status.query({ checkoutId: checkoutIdOf(cartId, 2) })).toMatchObject({ status: "Started" });
  });

  test("of somebody else's cart is answered as one that is not there", async () => {
    const { service, shopper, cartId, checkoutId } = await shopping();
    await using _ = service;
    await shopper.checkout.start.mutate(await agreed(shopper, { cartId, paymentToken: visa }));
    const grace = service.trpc(await service.token("grace"));
    for (const id of [checkoutId, checkoutIdOf(cartId, 2), checkoutIdOf(aCartId(), 1)])
      expect(await refusalOf(grace.checkout.status.query({ checkoutId: id }))).toEqual({ code: "CheckoutNotFound", checkoutId: id });
    const support = service.trpc(await service.token("support"));
    expect(await refusalOf(support.checkout.status.query({ checkoutId }))).toEqual({ code: "ReasonMissing" });
    expect(await support.checkout.status.query({ checkoutId, reason: "ticket 42" })).toMatchObject({ status: "Started" });
    expect(service.supportReads).toMatchObject([{ cartId, question: "checkout", reason: "ticket 42" }]);
  });
});
