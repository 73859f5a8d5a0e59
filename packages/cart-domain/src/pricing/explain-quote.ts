import type { Explanation, ExplanationRule, ExplanationSource } from "@cartwright/contracts/explanation";
import type { Money } from "@cartwright/contracts/money";
import type { CouponDiscount, Quote, QuoteCoupon } from "@cartwright/contracts/pricing-shapes";

/** What has happened to the cart that concerns a product or a coupon. */
export type EventsAbout = (kind: "product" | "coupon", id: string) => ExplanationSource["events"];

/** Why a quote's total is what it is, down to what was put into the cart, and to the versions of what the shop says. */
export const explainQuote = ({ lines, coupons, shipping, tax, totals }: Quote, eventsAbout: EventsAbout): Explanation => {
  const listed = lines.map(({ productId, list }) =>
    leaf(list, "unitPriceTimesPieces", { kind: "product", id: productId, version: null, events: eventsAbout("product", productId) }),
  );
  const offLines = coupons.filter(({ discount }) => discount.kind !== "freeShipping").map((coupon) => explainCoupon(coupon, eventsAbout));
  const offShipping = coupons
    .filter(({ discount }) => discount.kind === "freeShipping")
    .map((coupon) => explainCoupon(coupon, eventsAbout));
  const parts: Explanation[] = [
    { amount: totals.subtotal, rule: "sumOfLines", source: null, parts: listed },
    { amount: totals.discount, rule: "sumOfDiscounts", source: null, parts: offLines },
  ];
  if (shipping) {
    const source: ExplanationSource = { kind: "shippingMethod", id: shipping.shippingMethodId, version: shipping.version, events: [] };
    parts.push({ amount: totals.shipping, rule: "shippingPrice", source, parts: offShipping });
  }
  if (tax) {
    const source: ExplanationSource = { kind: "taxRate", id: tax.taxRateId, version: tax.version, events: [] };
    parts.push(leaf(tax.amount, tax.isInclusive ? "taxInPrice" : "taxOnTop", source));
  }
  return { amount: totals.total, rule: "total", source: null, parts };
};

const leaf = (amount: Money, rule: ExplanationRule, source: ExplanationSource): Explanation => ({ amount, rule, source, parts: [] });

const explainCoupon = ({ code, version, discount, amount }: QuoteCoupon, eventsAbout: EventsAbout): Explanation =>
  leaf(amount, rules[discount.kind], { kind: "coupon", id: code, version, events: eventsAbout("coupon", code) });

const rules: Readonly<Record<CouponDiscount["kind"], ExplanationRule>> = {
  percentage: "percentageOff",
  fixed: "fixedOff",
  freeShipping: "freeShipping",
};
