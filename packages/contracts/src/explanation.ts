import * as z from "zod";
import { EventId } from "./ids.ts";
import type { Money } from "./money.ts";
import type { Rounding } from "./pricing-shapes.ts";

/** What an amount came from: something that happened to the cart, or something that the shop keeps, in the version that was used. */
export const ExplanationSource = z.strictObject({
  kind: z.enum(["product", "coupon", "shippingMethod", "taxRate", "cart"]),
  /** The product's id, the coupon's code, … */
  id: z.string(),
  /** Of the terms that were used; null where what was put into the cart says it. */
  version: z.int().positive().nullable(),
  /** What has happened to the cart that it is so, oldest first. */
  events: z.array(z.strictObject({ eventId: EventId, type: z.string(), version: z.int().positive() })).readonly(),
});
export type ExplanationSource = z.infer<typeof ExplanationSource>;

export const ExplanationRule = z.enum([
  "listPrice",
  "unitPriceTimesPieces",
  "percentageOff",
  "fixedOff",
  "freeShipping",
  "freeShippingFrom",
  "shippingPrice",
  "shippingAfterDiscounts",
  "taxInPrice",
  "taxOnTop",
  "baseOfTax",
  "shareOfDiscount",
  "shareOfTax",
  "sumOfLines",
  "sumOfDiscounts",
  "sumOfTaxes",
  /** No rate is in force where it goes, or nobody has said where that is. */
  "noTaxRate",
  "lineTotal",
  "shippingTotal",
  "total",
]);
export type ExplanationRule = z.infer<typeof ExplanationRule>;

/** How an amount that is no sum was reckoned, so that whoever doubts it can do it again. */
export type Calculation =
  | { readonly kind: "pieces"; readonly quantity: number; readonly unitPrice: Money }
  /** `of` × rate, or, where `of` holds it already, `of` × rate / (1 + rate); half of a smallest unit goes by the rule. */
  | { readonly kind: "rate"; readonly ratePpm: number; readonly of: Money; readonly isIncluded: boolean; readonly rounding: Rounding }
  /** As much as is given, and no more than there is. */
  | { readonly kind: "atMost"; readonly given: Money; readonly of: Money }
  /** Of a whole that is split by largest remainder, so that the shares sum to it. */
  | { readonly kind: "share"; readonly of: Money }
  /** All of `of`, since the lines came to so much after discounts that it is free. */
  | { readonly kind: "from"; readonly limit: Money; readonly of: Money };

/** Why an amount is what it is. */
export type Explanation = {
  /** Which amount of the quote, as a path into it: `totals.total`, `lines.0.tax`. */
  readonly of: string;
  readonly amount: Money;
  readonly rule: ExplanationRule;
  readonly source: ExplanationSource | null;
  /** Null of a sum, and where nobody has written down what it was reckoned from. */
  readonly calculation: Calculation | null;
  /** What it is made of: those that are added, less those that are taken off, are the amount. */
  readonly parts: readonly ExplanationPart[];
};

/** What is `held` is told of beside the sum, such as the tax that a price holds. */
export type ExplanationPart = Explanation & { readonly effect: "added" | "takenOff" | "held" };

/** Of a whole quote: why its total is what it is, and, by lines and shipping, how the same total is made up. */
export type QuoteExplanation = {
  readonly explanation: Explanation;
  /** Of what each line comes to in the end, in the order of the quote's lines. */
  readonly lines: readonly Explanation[];
  readonly shipping: Explanation | null;
};
