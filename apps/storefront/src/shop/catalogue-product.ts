import type { ProductId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import type { ProductData } from "@cartwright/contracts/product-data";

/** A product as the shop shows it: at its price in the currency that was asked for. */
export type CatalogueProduct = ProductData & {
  readonly productId: ProductId;
  readonly price: Money;
  /** Pieces that can be bought now; null where nobody counts. */
  readonly left: number | null;
};
