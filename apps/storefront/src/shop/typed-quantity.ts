import { maxPiecesOfProduct } from "@cartwright/contracts/cart-limits";

/** What somebody meant by what they typed as a number of pieces: that number, nothing, or something that cannot be put into a cart. */
export type TypedQuantity = { readonly quantity: number } | { readonly problem: "notWhole" | "tooMany" } | null;

export const typedQuantity = (text: string): TypedQuantity => {
  const typed = text.trim();
  if (typed === "") return null;
  if (!/^\d+$/.test(typed)) return { problem: "notWhole" };
  const quantity = Number(typed);
  return quantity > maxPiecesOfProduct ? { problem: "tooMany" } : { quantity };
};
