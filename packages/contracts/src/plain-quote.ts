import type { CheckoutLine } from "./checkout-shapes.ts";
import { type Money, zero } from "./money.ts";
import type { Quote } from "./pricing-shapes.ts";

/** The quote of a time that knew nothing but lines and their sum. */
export const plainQuote = (lines: readonly CheckoutLine[], total: Money): Quote => {
  const { currency } = total;
  const none = zero(currency);
  return {
    currency,
    rounding: "half-up",
    country: null,
    lines: lines.map((line) => {
      const list = { amountMinor: line.unitPrice.amountMinor * line.quantity, currency };
      return { ...line, list, discount: none, tax: none, total: list };
    }),
    coupons: [],
    shipping: null,
    tax: null,
    totals: { subtotal: total, discount: none, shipping: none, tax: none, total },
  };
};
