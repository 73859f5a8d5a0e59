import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";
import { isEarlierAttempt } from "./earlier-attempt.ts";
import { failCheckout } from "./fail-checkout.ts";

export type CancelCheckout = { checkoutId: CheckoutId; now: Instant };
export type CancelCheckoutRefusal = RefusalOf<"CheckoutNotFound" | "CheckoutEnded">;

/**
 * The shopper thinks better of it: the cart is open again. One that has failed stays so, as each attempt has that was followed by another;
 * one that is an order is cancelled as an order.
 */
export const cancelCheckout = ({ checkoutId, now }: CancelCheckout, cart: Cart): Decision<CartEvent, CancelCheckoutRefusal> => {
  if (isEarlierAttempt(cart, checkoutId)) return accept();
  if (cart.status === "Absent" || cart.checkout?.checkoutId !== checkoutId) return refuse({ code: "CheckoutNotFound", checkoutId });
  const { status } = cart.checkout;
  if (status === "Failed") return accept();
  if (status === "Ordered") return refuse({ code: "CheckoutEnded", checkoutId, status });
  return failCheckout({ checkoutId, reason: "Cancelled", now }, cart);
};
