import type { CartEvent } from "@cartwright/contracts/cart-events";
import { paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";
import { runningCheckout } from "./running-checkout.ts";

export type ApproveCheckout = { checkoutId: CheckoutId; now: Instant };

/** Lets a checkout be paid. One that has ended, or is being paid already, stays as it is. */
export const approveCheckout = ({ checkoutId, now }: ApproveCheckout, cart: Cart): Decision<CartEvent, never> => {
  const running = runningCheckout(cart, checkoutId);
  if (running?.checkout.status !== "Started") return accept();
  const { cartId, checkout } = running;
  const { amount, paymentToken } = checkout;
  if (paymentToken === null) throw new Error(`The checkout ${checkoutId} has nothing to pay and needs no approval`);
  return accept({
    type: "CheckoutApproved",
    data: { cartId, checkoutId, paymentId: paymentIdOf(checkoutId), amount, paymentToken, approvedAt: now },
  });
};
