import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartViewRecord } from "./cart-view-writer.ts";

/** A stored view, with what it did not yet say in an older release. Not checked again: it was written from a `CartView`. */
export const parseView = (json: string): CartView => {
  const parsed = JSON.parse(json);
  return isWhole(parsed) ? parsed : { ...unsaid, ...parsed };
};

/** What a store holds of a cart; null where an older release wrote it, which did not keep all that its next event needs. */
export const parseRecord = (view: string, remainder: string): CartViewRecord | null => {
  const parsed = JSON.parse(view);
  return isWhole(parsed) ? { view: parsed, remainder: JSON.parse(remainder) } : null;
};

const isWhole = (parsed: object): boolean => "order" in parsed;

const unsaid: Pick<CartView, "checkout" | "coupons" | "hasContact" | "order"> = {
  checkout: null,
  coupons: [],
  hasContact: false,
  order: null,
};
