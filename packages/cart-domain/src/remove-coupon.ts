import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { CouponCode, CouponProblem } from "@cartwright/contracts/pricing-shapes";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type Cart, type NotOpenRefusal, whyNotOpen } from "./cart.ts";

export type RemoveCoupon = { cartId: CartId; code: CouponCode; now: Instant };

/** Taking off what is not there changes nothing. */
export const removeCoupon = ({ cartId, code, now }: RemoveCoupon, cart: Cart): Decision<CartEvent, NotOpenRefusal> => {
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  return cart.coupons.includes(code) ? accept(couponRemoved({ cartId, code, now }, null)) : accept();
};

/** `problem` is why it holds no longer, null where the shopper asked. */
export const couponRemoved = ({ cartId, code, now }: RemoveCoupon, problem: CouponProblem | null): CartEvent => ({
  type: "CouponRemoved",
  data: { cartId, code, problem, removedAt: now },
});
