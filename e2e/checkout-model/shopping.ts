import { newCartId } from "@cartwright/client/ids";
import { IdempotencyKey, OrderId, PaymentId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { until } from "@cartwright/testkit/until";
import { agreed } from "../agreed.ts";
import type { CheckoutWorld, Shopper } from "./checkout-world.ts";

/** What one of the people does; the system may be killed in the middle of it. */
export type Act = (shopper: Shopper, world: CheckoutWorld) => Promise<unknown>;

/** Refusals are answers here, and so is a system that is just being started again: what counts is what is true in the end. */
const whateverIsAnswered = async <Answer>(call: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await call;
  } catch {
    return undefined;
  }
};

const start = async ({ client }: Shopper, input: Shopper["lastPaid"], { promised }: CheckoutWorld) => {
  if (!input) return undefined;
  const started = await whateverIsAnswered(client.checkout.start.mutate(input));
  if (started) promised.checkoutIds.add(started.checkoutId);
  return started;
};

export const fill: Act = async (shopper, { productId, promised }) => {
  const add = () => whateverIsAnswered(shopper.client.cart.addItem.mutate({ cartId: shopper.cartId, productId, quantity: 1 }));
  if (await add()) return;
  // What was in it is ordered, or being paid: the next cart.
  const view = await whateverIsAnswered(shopper.client.cart.view.query({ cartId: shopper.cartId }));
  if (view?.status !== "Ordered") return;
  shopper.cartId = newCartId();
  promised.cartIds.push(shopper.cartId);
  await add();
};

export const useCoupon: Act = ({ client, cartId }, { coupon }) =>
  whateverIsAnswered(client.cart.applyCoupon.mutate({ cartId, code: coupon }));

export const payBy =
  (card: string): Act =>
  async (shopper, world) => {
    const idempotencyKey = IdempotencyKey.parse(crypto.randomUUID());
    const paying = { cartId: shopper.cartId, paymentToken: PaymentToken.parse(card), idempotencyKey };
    const input = await whateverIsAnswered(agreed(shopper.client, paying));
    if (!input) return;
    shopper.lastPaid = input;
    const started = await start(shopper, input, world);
    if (started) shopper.checkoutId = started.checkoutId;
  };

export const payAgain: Act = (shopper, world) => Promise.all([1, 2].map(() => start(shopper, shopper.lastPaid, world)));

/** Of whoever has begun to pay. */
const ofCheckout =
  (act: (checkoutId: NonNullable<Shopper["checkoutId"]>, shopper: Shopper, world: CheckoutWorld) => Promise<unknown>): Act =>
  async (shopper, world) =>
    shopper.checkoutId && whateverIsAnswered(act(shopper.checkoutId, shopper, world));

export const giveUp = ofCheckout((checkoutId, { client }) => client.checkout.cancel.mutate({ checkoutId }));
export const comeBackFromBank = ofCheckout((checkoutId, { client }) => client.checkout.confirmAction.mutate({ checkoutId }));
export const sayAtBank = (answer: "confirm" | "fail") =>
  ofCheckout(async (checkoutId, { client }) => {
    const { action } = await client.checkout.status.query({ checkoutId });
    if (action) await fetch(action.url, { method: "POST", body: new URLSearchParams({ answer }), redirect: "manual" });
  });
export const cancelOrder = ofCheckout((checkoutId, { client }) => client.order.cancel.mutate({ orderId: OrderId.parse(checkoutId) }));

export const shopCancels = (restock: boolean) =>
  ofCheckout((checkoutId, _, { shop }) =>
    shop.order.cancel.mutate({ orderId: OrderId.parse(checkoutId), restock, reason: "the model says so" }),
  );
export const shopRefunds = ofCheckout((checkoutId, _, { shop }) =>
  shop.billing.payment.refund.mutate({ paymentId: PaymentId.parse(checkoutId), amount: { amountMinor: 100, currency: "EUR" } }),
);
export const shopAsksProvider = ofCheckout((checkoutId, _, { shop }) =>
  shop.billing.payment.reconcile.mutate({ paymentId: PaymentId.parse(checkoutId) }),
);

/** Resolves when nothing more happens by itself to what the shopper pays: it waits for them, or is over. */
export const comesToRest = async ({ client, checkoutId }: Shopper): Promise<void> => {
  if (!checkoutId) return;
  const isAtRest = async () => {
    const { status } = await client.checkout.status.query({ checkoutId });
    if (status !== "Ordered") return status === "Failed" || status === "ActionRequired";
    return (await client.order.get.query({ orderId: OrderId.parse(checkoutId) })).status !== "placed";
  };
  await until(isAtRest, { timeoutMs: 20_000, what: "a checkout at rest" });
};
