import { CartId, CheckoutId, OrderId, PaymentId } from "./ids.ts";

/** Derived, so that a checkout that is begun again is the same one. `attempt` is 1 for the cart's first. */
export const checkoutIdOf = (cartId: CartId, attempt: number): CheckoutId => CheckoutId.parse(`${cartId}.${attempt}`);

/** Whose checkout it is. */
export const cartOfCheckout = (checkoutId: CheckoutId): CartId => CartId.parse(checkoutId.slice(0, checkoutId.indexOf(".")));

/** Which attempt of its cart it is: all of a cart but the last have failed. */
export const attemptOf = (checkoutId: CheckoutId): number => Number(checkoutId.slice(checkoutId.indexOf(".") + 1));

export const paymentIdOf = (checkoutId: CheckoutId): PaymentId => PaymentId.parse(checkoutId);

export const orderIdOf = (checkoutId: CheckoutId): OrderId => OrderId.parse(checkoutId);
