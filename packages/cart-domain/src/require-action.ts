import type { CartEvent } from "@cartwright/contracts/cart-events";
import { paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { PaymentAction } from "@cartwright/contracts/payment-shapes";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";
import { runningCheckout } from "./running-checkout.ts";

export type RequireAction = { checkoutId: CheckoutId; action: PaymentAction; now: Instant };

/**
 * The provider wants the shopper to do something first, or still, although they have said that they did. A checkout that has ended asks nobody
 * for anything.
 */
export const requireAction = ({ checkoutId, action, now }: RequireAction, cart: Cart): Decision<CartEvent, never> => {
  const running = runningCheckout(cart, checkoutId);
  if (running?.checkout.status !== "Approved") return accept();
  const { cartId } = running;
  return accept({
    type: "CheckoutActionRequired",
    data: { cartId, checkoutId, paymentId: paymentIdOf(checkoutId), action, requiredAt: now },
  });
};
