import * as z from "zod";
import { EventId } from "./ids.ts";
import type { Money } from "./money.ts";

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
  "unitPriceTimesPieces",
  "percentageOff",
  "fixedOff",
  "freeShipping",
  "shippingPrice",
  "taxInPrice",
  "taxOnTop",
  "sumOfLines",
  "sumOfDiscounts",
  "total",
]);
export type ExplanationRule = z.infer<typeof ExplanationRule>;

/** Why an amount is what it is. What is taken off is told as the amount that is taken off. */
export type Explanation = {
  readonly amount: Money;
  readonly rule: ExplanationRule;
  readonly source: ExplanationSource | null;
  /** What it is made of. */
  readonly parts: readonly Explanation[];
};
