import type { CheckoutLine } from "./checkout-shapes.ts";
import type { Money } from "./money.ts";
import type { Quote } from "./pricing-shapes.ts";
import { plainQuoteV2, quoteOfV2 } from "./quote-v2.ts";

/** The quote of a time that knew nothing but lines and their sum. */
export const plainQuote = (lines: readonly CheckoutLine[], total: Money): Quote => quoteOfV2(plainQuoteV2(lines, total));
