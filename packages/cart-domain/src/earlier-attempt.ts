import { attemptOf, cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Cart } from "./cart.ts";

/** Whether the cart has begun this checkout and another one after it: then it has failed. The cart remembers its last attempt alone. */
export const isEarlierAttempt = (cart: Cart, checkoutId: CheckoutId): boolean =>
  cart.status !== "Absent" &&
  cart.checkout !== null &&
  cart.cartId === cartOfCheckout(checkoutId) &&
  attemptOf(checkoutId) < cart.checkout.attempt;
