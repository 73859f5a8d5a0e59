import { cartStreamId } from "@cartwright/contracts/cart-events";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { expect, test } from "vitest";
import { aCartId, agreed, cartUnderTest, mouse } from "../spec.ts";
import { checkoutDeadlineKind, endOverdueCheckout } from "./checkout-deadline.ts";

test("a clock that goes back once the timer was taken does not leave the cart frozen for ever", async () => {
  await using service = await cartUnderTest();
  const shopper = service.trpc(await service.token("ada"));
  const cartId = aCartId();
  await shopper.cart.addItem.mutate({ cartId, productId: mouse, quantity: 1 });
  const paying = await agreed(shopper, { cartId, paymentToken: PaymentToken.parse("pm_card_visa") });
  const { checkoutId, deadline } = await shopper.checkout.start.mutate(paying);

  const end = endOverdueCheckout({ handler: service.handler, now: () => new Date(deadline.getTime() - 60_000) });
  const metadata = { correlationId: "test", actor: { subject: "service-cart", kind: "service" } };
  const timer = { id: "t", dueAt: deadline, kind: checkoutDeadlineKind, streamId: cartStreamId(cartId), payload: { checkoutId, metadata } };
  await end({ ...timer, key: `timer:t@${deadline.toISOString()}`, attempt: 1 });
  expect(await shopper.checkout.status.query({ checkoutId })).toMatchObject({ status: "Failed", failure: "DeadlinePassed" });
});
