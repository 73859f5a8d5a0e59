import type { CartEvent } from "@cartwright/contracts/cart-events";
import { orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";
import { runningCheckout } from "./running-checkout.ts";
import { checkoutLines } from "./start-checkout.ts";

/** Said once the payment is authorized. */
export type PlaceOrder = { checkoutId: CheckoutId; now: Instant };

/** Makes the cart an order. A checkout that has ended meanwhile makes none: its payment is given back. */
export const placeOrder = ({ checkoutId, now }: PlaceOrder, cart: Cart): Decision<CartEvent, never> => {
  const running = runningCheckout(cart, checkoutId);
  if (running?.checkout.status !== "Approved") return accept();
  const { cartId, owner, ownerKind, lines, checkout } = running;
  const ids = { cartId, checkoutId, orderId: orderIdOf(checkoutId), paymentId: paymentIdOf(checkoutId) };
  return accept({
    type: "OrderPlaced",
    data: { ...ids, owner, ownerKind, lines: checkoutLines(lines), total: checkout.amount, placedAt: now },
  });
};
