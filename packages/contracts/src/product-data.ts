import * as z from "zod";
import { ImageUrl, ProductSnapshot } from "./cart-shapes.ts";
import { Money } from "./money.ts";
import { StockId } from "./pricing-shapes.ts";
import { lineOfText, textBlock } from "./text.ts";

/** What the catalogue says of a product. */
export const ProductData = z.strictObject({
  name: ProductSnapshot.shape.name,
  description: textBlock(10_000),
  category: lineOfText(100).nullable(),
  image: ImageUrl.nullable(),
  tags: z.array(lineOfText(50)).max(50).readonly(),
  /** The list price in each currency that the product is offered in. */
  prices: z
    .array(Money)
    .min(1)
    .refine((prices) => new Set(prices.map((price) => price.currency)).size === prices.length, "must hold one price a currency")
    .readonly(),
  /** What is taken of when it is bought, and may be shared with other products; null where nobody counts. */
  stockId: StockId.nullable(),
});
export type ProductData = z.infer<typeof ProductData>;
