import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import { CartId, CheckoutId, OrderId } from "@cartwright/contracts/ids";
import type { CartListRequest } from "@cartwright/read-model/cart-views";
import * as z from "zod";

/** How a client asks of a list that what it has done is in it: with what its last command answered. Both or neither. */
export const AtLeastPosition = z.strictObject({
  /** The position that the command answered. */
  atLeastPosition: z
    .bigint()
    .positive()
    .max(2n ** 63n - 1n)
    .optional(),
  /** What the command was about: positions are counted where a cart lives, and with it its checkouts and its order. */
  positionOf: z.union([CartId, CheckoutId, OrderId]).optional(),
});

/** Null where only half of it was said. */
export const requestOf = ({
  atLeastPosition: position,
  positionOf,
}: z.output<typeof AtLeastPosition>): Pick<CartListRequest, "atLeast"> | null => {
  if (position === undefined && positionOf === undefined) return {};
  if (position === undefined || positionOf === undefined) return null;
  const checkoutId = CheckoutId.safeParse(positionOf);
  const cartId = checkoutId.success ? cartOfCheckout(checkoutId.data) : CartId.parse(positionOf);
  return { atLeast: { cartId, position } };
};
