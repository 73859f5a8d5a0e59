import type { CheckoutState } from "@cartwright/contracts/checkout-shapes";
import type { CheckoutId } from "@cartwright/contracts/ids";
import { type Cart, type CheckingOutCart, checkoutOf } from "./cart.ts";

export type RunningCheckout = CheckingOutCart & { readonly checkout: CheckoutState };

/** The cart with its checkout while it is this one that runs; null before and after. Whatever drives a step asks here first. */
export const runningCheckout = (cart: Cart, checkoutId: CheckoutId): RunningCheckout | null => {
  if (cart.status !== "CheckingOut") return null;
  const checkout = checkoutOf(cart);
  return checkout.checkoutId === checkoutId ? { ...cart, checkout } : null;
};
