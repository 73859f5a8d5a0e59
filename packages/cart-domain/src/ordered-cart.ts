import { orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutState } from "@cartwright/contracts/checkout-shapes";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { OrderState } from "@cartwright/contracts/order-view";
import { type Cart, type ClosedCart, checkoutOf, orderOf } from "./cart.ts";

export type OrderedCart = ClosedCart & { readonly checkout: CheckoutState; readonly order: OrderState };

/** The cart once this checkout has made it an order; null before, and where it made none. */
export const orderedCart = (cart: Cart, checkoutId: CheckoutId): OrderedCart | null =>
  cart.status === "Ordered" && cart.checkout?.checkoutId === checkoutId
    ? { ...cart, checkout: checkoutOf(cart), order: orderOf(cart) }
    : null;

/** What each event of an order begins with. */
export const orderIds = ({ cartId, checkout: { checkoutId } }: OrderedCart) => ({
  cartId,
  checkoutId,
  orderId: orderIdOf(checkoutId),
  paymentId: paymentIdOf(checkoutId),
});
