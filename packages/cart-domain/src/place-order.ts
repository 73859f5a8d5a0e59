import type { CartEvent } from "@cartwright/contracts/cart-events";
import { orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";
import { type RunningCheckout, runningCheckout } from "./running-checkout.ts";

/** Said once the payment is authorized. */
export type PlaceOrder = { checkoutId: CheckoutId; now: Instant };

/** Makes the cart an order. A checkout that has ended meanwhile makes none: its payment is given back. */
export const placeOrder = ({ checkoutId, now }: PlaceOrder, cart: Cart): Decision<CartEvent, never> => {
  const running = runningCheckout(cart, checkoutId);
  if (!running || running.checkout.status === "Started") return accept();
  return accept(orderPlaced(running, now));
};

export const orderPlaced = ({ cartId, owner, ownerKind, checkout }: RunningCheckout, placedAt: Instant): CartEvent => {
  const { checkoutId, quote, contact, shipTo } = checkout;
  const ids = { cartId, checkoutId, orderId: orderIdOf(checkoutId), paymentId: paymentIdOf(checkoutId) };
  const lines = quote.lines.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice }));
  return { type: "OrderPlaced", data: { ...ids, owner, ownerKind, lines, totals: quote.totals, contact, shipTo, placedAt } };
};
