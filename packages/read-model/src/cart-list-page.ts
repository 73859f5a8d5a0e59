import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartListOrder, CartListPage, CartListPlace } from "./cart-views.ts";

/** A page of `limit` views made of one view more, where there is one: it says that there is a next page. */
export const cartListPage = (
  found: readonly CartView[],
  { limit, by = "openedAt" }: { limit: number; by?: CartListOrder },
): CartListPage => {
  const views = found.slice(0, limit);
  const last = found.length > limit ? views.at(-1) : undefined;
  return { views, next: (last && placeOf(last, by)) ?? null };
};

/** Null for a cart that is not in the list. */
export const placeOf = ({ cartId, openedAt, order }: CartView, by: CartListOrder): CartListPlace | null => {
  if (by === "openedAt") return { at: openedAt, cartId };
  return order && { at: order.placedAt, cartId };
};

/** The views that are in the list after a place, the newest first. */
export const listedAfter = (views: readonly CartView[], by: CartListOrder, after: CartListPlace | undefined): readonly CartView[] =>
  views
    .flatMap((view) => {
      const place = placeOf(view, by);
      return place && (!after || comparePlaces(after, place) < 0) ? [{ view, place }] : [];
    })
    .sort((left, right) => comparePlaces(left.place, right.place))
    .map(({ view }) => view);

/** The newest first. */
export const comparePlaces = (left: CartListPlace, right: CartListPlace): number => {
  if (left.at !== right.at) return left.at > right.at ? -1 : 1;
  if (left.cartId === right.cartId) return 0;
  return left.cartId > right.cartId ? -1 : 1;
};
