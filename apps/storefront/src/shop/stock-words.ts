import type { CatalogueProduct } from "./catalogue-product.ts";

/** What is worth saying of how many there are; null where there are enough, or nobody counts. */
export const stockWords = (left: CatalogueProduct["left"]): string | null => {
  if (left === null || left > FEW) return null;
  return left <= 0 ? "Sold out" : `Only ${left} left`;
};

/** The same of a product that is in the cart: only where it is not enough. The cart keeps it all the same; paying is refused. */
export const cartStockWords = (quantity: number, left: CatalogueProduct["left"]): string | null => {
  if (left === null || quantity <= left) return null;
  return left <= 0 ? "Sold out meanwhile: this cannot be bought just now." : `Only ${left} left: more than that cannot be bought just now.`;
};

const FEW = 5;
