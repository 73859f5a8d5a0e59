import type { CouponData, Rounding } from "@cartwright/contracts/pricing-shapes";
import { unreachable } from "@cartwright/decider/unreachable";
import { amountIn } from "./amount-in.ts";
import { largestRemainder } from "./largest-remainder.ts";
import type { Pricing } from "./pricing.ts";
import { roundedDivision } from "./rounded-division.ts";

export type CouponCuts = {
  /** What is taken off each line, in minor units. */
  readonly lines: readonly number[];
  /** Of each coupon: what that comes to of which it takes, what it takes off the lines, and what of that off each. */
  readonly coupons: readonly { readonly base: number; readonly amount: number; readonly shares: readonly number[] }[];
};

type Cutting = Pick<Pricing, "coupons" | "currency" | "lines"> & {
  readonly rounding: Rounding;
  /** What each line comes to before anything is taken off. */
  readonly lists: readonly number[];
};

/** One coupon after another, each on what those before it have left; none takes more than there is. */
export const couponCuts = ({ coupons, lists, ...pricing }: Cutting): CouponCuts => {
  const left = [...lists];
  const cuts = coupons.map(({ terms }) => {
    const weights = left.map((amount, index) => (isFor(terms, pricing.lines[index]?.productId) ? amount : 0));
    const base = weights.reduce((sum, weight) => sum + weight, 0);
    const amount = amountOff(terms, base, pricing);
    const shares = largestRemainder(amount, weights);
    for (const [index, share] of shares.entries()) left[index] = (left[index] ?? 0) - share;
    return { base, amount, shares };
  });
  return { lines: lists.map((list, index) => list - (left[index] ?? 0)), coupons: cuts };
};

const isFor = ({ products }: CouponData, productId: Pricing["lines"][number]["productId"] | undefined): boolean =>
  products === null || (productId !== undefined && products.includes(productId));

/** A percentage is rounded once, over all that it is taken of. */
const amountOff = ({ discount }: CouponData, base: number, { currency, rounding }: Pick<Cutting, "currency" | "rounding">): number => {
  switch (discount.kind) {
    case "percentage":
      return Number(roundedDivision(BigInt(base) * BigInt(discount.ratePpm), million, rounding));
    case "fixed":
      return Math.min(base, amountIn(discount.amounts, currency) ?? 0);
    case "freeShipping":
      return 0;
    default:
      return unreachable(discount);
  }
};

const million = 1_000_000n;
