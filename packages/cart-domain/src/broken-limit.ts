import { maxDistinctProducts, maxPiecesOfProduct } from "@cartwright/contracts/cart-limits";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { type CartLine, type Lines, withLine } from "./lines.ts";

export type LimitRefusal = RefusalOf<"CartFull" | "TooManyOfProduct" | "TotalTooLarge">;

/** What forbids these lines to hold this one, which is new or takes the place of its product's; null when nothing does. */
export const brokenLimit = (lines: Lines, line: CartLine): LimitRefusal | null => {
  if (line.quantity > maxPiecesOfProduct)
    return { code: "TooManyOfProduct", productId: line.productId, asked: line.quantity, max: maxPiecesOfProduct };

  const after = withLine(lines, line);
  if (after.count > maxDistinctProducts) return { code: "CartFull", maxDistinctProducts };
  // A sum or product beyond 2^53 − 1 rounds to 2^53 or more, so it is seen here.
  if (!Number.isSafeInteger(after.totalMinor)) return { code: "TotalTooLarge", currency: line.unitPrice.currency };
  return null;
};
