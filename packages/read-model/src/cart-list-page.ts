import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartListPage } from "./cart-views.ts";

/** A page of `limit` views made of one view more, where there is one: it says that there is a next page. */
export const cartListPage = (found: readonly CartView[], limit: number): CartListPage => {
  const views = found.slice(0, limit);
  const last = found.length > limit ? views.at(-1) : undefined;
  return { views, next: last ? { openedAt: last.openedAt, cartId: last.cartId } : null };
};
