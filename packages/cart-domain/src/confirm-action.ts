import type { CartEvent } from "@cartwright/contracts/cart-events";
import { paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";
import { isEarlierAttempt } from "./earlier-attempt.ts";
import { runningCheckout } from "./running-checkout.ts";

export type ConfirmAction = { checkoutId: CheckoutId; now: Instant };
export type ConfirmActionRefusal = RefusalOf<"CheckoutNotFound" | "NoActionRequired">;

/**
 * The shopper came back from what the provider wanted of them; whether they did it, the provider knows, and asks for it again where they did
 * not. Until it has answered, saying so twice changes nothing.
 */
export const confirmAction = ({ checkoutId, now }: ConfirmAction, cart: Cart): Decision<CartEvent, ConfirmActionRefusal> => {
  if (isEarlierAttempt(cart, checkoutId)) return refuse({ code: "NoActionRequired", checkoutId, status: "Failed" });
  if (cart.status === "Absent" || cart.checkout?.checkoutId !== checkoutId) return refuse({ code: "CheckoutNotFound", checkoutId });
  const { status, action } = cart.checkout;
  const running = runningCheckout(cart, checkoutId);
  if (!running) return status === "Ordered" ? accept() : refuse({ code: "NoActionRequired", checkoutId, status });
  if (status === "ActionRequired")
    return accept({
      type: "CheckoutActionConfirmed",
      data: { cartId: running.cartId, checkoutId, paymentId: paymentIdOf(checkoutId), confirmedAt: now },
    });
  return action ? accept() : refuse({ code: "NoActionRequired", checkoutId, status });
};
