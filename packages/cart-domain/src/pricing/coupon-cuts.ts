import type { CouponData } from "@cartwright/contracts/pricing-shapes";
import { unreachable } from "@cartwright/decider/unreachable";
import { amountIn } from "./amount-in.ts";
import { largestRemainder } from "./largest-remainder.ts";
import type { Pricing } from "./pricing.ts";
import { roundedDivision } from "./rounded-division.ts";

export type CouponCuts = {
  /** What is taken off each line, in minor units. */
  readonly lines: readonly number[];
  /** What each coupon takes off the lines. */
  readonly coupons: readonly number[];
  readonly isShippingFree: boolean;
};

type Cutting = Pick<Pricing, "coupons" | "currency" | "lines" | "rounding"> & {
  /** What each line comes to before anything is taken off. */
  readonly lists: readonly number[];
};

/** One coupon after another, each on what those before it have left; none takes more than there is. */
export const couponCuts = ({ coupons, lists, ...pricing }: Cutting): CouponCuts => {
  const left = [...lists];
  const taken = coupons.map(({ terms }) => {
    const weights = left.map((amount, index) => (isFor(terms, pricing.lines[index]?.productId) ? amount : 0));
    const off = amountOff(terms, weights, pricing);
    for (const [index, share] of largestRemainder(off, weights).entries()) left[index] = (left[index] ?? 0) - share;
    return off;
  });
  return {
    lines: lists.map((list, index) => list - (left[index] ?? 0)),
    coupons: taken,
    isShippingFree: coupons.some(({ terms }) => terms.discount.kind === "freeShipping"),
  };
};

const isFor = ({ products }: CouponData, productId: Pricing["lines"][number]["productId"] | undefined): boolean =>
  products === null || (productId !== undefined && products.includes(productId));

/** A percentage is rounded once, over all that it is taken of. */
const amountOff = (
  { discount }: CouponData,
  weights: readonly number[],
  { currency, rounding }: Pick<Cutting, "currency" | "rounding">,
): number => {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  switch (discount.kind) {
    case "percentage":
      return Number(roundedDivision(BigInt(whole) * BigInt(discount.ratePpm), million, rounding));
    case "fixed":
      return Math.min(whole, amountIn(discount.amounts, currency) ?? 0);
    case "freeShipping":
      return 0;
    default:
      return unreachable(discount);
  }
};

const million = 1_000_000n;
