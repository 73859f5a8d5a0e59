import type { CartEvent } from "@cartwright/contracts/cart-events";
import { paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutFailure } from "@cartwright/contracts/checkout-shapes";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";
import { runningCheckout } from "./running-checkout.ts";

export type FailCheckout = { checkoutId: CheckoutId; reason: CheckoutFailure; now: Instant };

/** Ends a checkout and opens the cart again. One that has ended stays as it is; its deadline counts only once it is there. */
export const failCheckout = ({ checkoutId, reason, now }: FailCheckout, cart: Cart): Decision<CartEvent, never> => {
  const running = runningCheckout(cart, checkoutId);
  if (!running) return accept();
  if (reason === "DeadlinePassed" && now < running.checkout.deadline) return accept();
  return accept({
    type: "CheckoutFailed",
    data: { cartId: running.cartId, checkoutId, paymentId: paymentIdOf(checkoutId), reason, failedAt: now },
  });
};
