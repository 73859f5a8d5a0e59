import type { Calculation, Explanation, ExplanationRule } from "@cartwright/contracts/explanation";
import type { CouponDiscount, Quote, QuoteCoupon } from "@cartwright/contracts/pricing-shapes";
import { unreachable } from "@cartwright/decider/unreachable";
import type { Explaining } from "./explaining.ts";

/** Why a coupon of a quote takes off what it does: how much of what, and by which version of its terms. */
export const explainCoupon = ({ quote, eventsAbout }: Explaining, index: number): Explanation => {
  const coupon = quote.coupons[index];
  if (!coupon) throw new RangeError(`the quote has no coupon ${index}`);
  const { code, version, discount, amount } = coupon;
  return {
    of: `coupons.${index}.amount`,
    amount,
    rule: rules[discount.kind],
    source: { kind: "coupon", id: code, version, events: eventsAbout("coupon", code) },
    calculation: calculationOf(coupon, quote),
    parts: [],
  };
};

/** Null of an order of before it was written down what the coupon took it off. */
const calculationOf = ({ discount, base }: QuoteCoupon, { rounding, currency }: Quote): Calculation | null => {
  if (!base) return null;
  switch (discount.kind) {
    case "percentage":
      return { kind: "rate", ratePpm: discount.ratePpm, of: base, isIncluded: false, rounding: rounding.discounts };
    case "fixed": {
      const given = discount.amounts.find((amount) => amount.currency === currency);
      return given ? { kind: "atMost", given, of: base } : null;
    }
    case "freeShipping":
      return null;
    default:
      return unreachable(discount);
  }
};

const rules: Readonly<Record<CouponDiscount["kind"], ExplanationRule>> = {
  percentage: "percentageOff",
  fixed: "fixedOff",
  freeShipping: "freeShipping",
};
