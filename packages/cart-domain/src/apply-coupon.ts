import type { CartEvent } from "@cartwright/contracts/cart-events";
import { maxCoupons } from "@cartwright/contracts/cart-limits";
import type { CartId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { CouponCode, CouponProblem } from "@cartwright/contracts/pricing-shapes";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type Cart, type NotOpenRefusal, whyNotOpen } from "./cart.ts";
import { allLines } from "./lines.ts";
import { type CouponQuestion, couponProblem } from "./pricing/coupon-problem.ts";

export type ApplyCoupon = {
  cartId: CartId;
  code: CouponCode;
  /** What the shop says of it. */
  coupon: (NonNullable<CouponQuestion["coupon"]> & { /** No use of it is left. */ readonly usedUp: CouponProblem | null }) | null;
  now: Instant;
};
export type ApplyCouponRefusal = NotOpenRefusal | RefusalOf<"CouponNotApplicable" | "TooManyCoupons">;

/** Applying what is applied changes nothing. What it takes off says each quote. */
export const applyCoupon = ({ cartId, code, coupon, now }: ApplyCoupon, cart: Cart): Decision<CartEvent, ApplyCouponRefusal> => {
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  if (cart.coupons.includes(code)) return accept();
  if (cart.coupons.length === maxCoupons) return refuse({ code: "TooManyCoupons", max: maxCoupons });
  const problem = couponProblem({ coupon, lines: allLines(cart.lines), currency: cart.currency, now }) ?? coupon?.usedUp;
  if (problem) return refuse({ code: "CouponNotApplicable", coupon: code, problem });
  return accept({ type: "CouponApplied", data: { cartId, code, appliedAt: now } });
};
