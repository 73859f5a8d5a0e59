import type { Currency } from "@cartwright/contracts/currency";
import type { Instant } from "@cartwright/contracts/instant";
import type { CouponData, CouponProblem } from "@cartwright/contracts/pricing-shapes";
import { amountIn } from "./amount-in.ts";
import type { PricedLine } from "./pricing.ts";

export type CouponQuestion = {
  /** Null where no coupon has this code. */
  readonly coupon: { readonly terms: CouponData; readonly isRetired: boolean } | null;
  readonly lines: readonly Pick<PricedLine, "productId" | "quantity" | "unitPrice">[];
  readonly currency: Currency;
  readonly now: Instant;
};

/** Why a coupon does not hold for these lines now; null where it does. How often it was used, the counters of the log know. */
export const couponProblem = ({ coupon, lines, currency, now }: CouponQuestion): CouponProblem | null => {
  if (!coupon) return "unknown";
  if (coupon.isRetired) return "retired";
  const { discount, validFrom, validUntil, minimum, products } = coupon.terms;
  if (validFrom !== null && now < validFrom) return "notYetValid";
  if (validUntil !== null && now >= validUntil) return "expired";
  if (discount.kind === "fixed" && amountIn(discount.amounts, currency) === null) return "notInThisCurrency";
  if (products !== null && !lines.some(({ productId }) => products.includes(productId))) return "noSuchProducts";
  const subtotal = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice.amountMinor * quantity, 0);
  return subtotal < (amountIn(minimum, currency) ?? 0) ? "minimumNotReached" : null;
};
