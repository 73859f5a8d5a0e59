import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { EventLog } from "@cartwright/event-log/event-log";
import { cartListPage, listedAfter } from "./cart-list-page.ts";
import type { CartListPage, CartListPlace, CartListRequest } from "./cart-views.ts";
import { foldCartView } from "./fold-cart-view.ts";
import type { SubjectCarts } from "./subject-carts.ts";

export type ListsFromLogDeps = {
  /** The owner's streams. */
  readonly streams: Pick<EventLog, "readStream">;
  readonly subjectCarts: SubjectCarts;
};

/**
 * A page of a subject's carts as this moment's log has them: for when the views are away, or too old. Null where the index does
 * not know yet which these are. A cart that the index has not heard of is found all the same, if the request says that it was
 * written to.
 */
export const listFromLog = async (
  { streams, subjectCarts }: ListsFromLogDeps,
  subject: SubjectId,
  request: CartListRequest,
): Promise<CartListPage | null> => {
  const { status, by = "openedAt", after, limit, atLeast } = request;
  const found: CartView[] = [];
  const seen = new Set<CartId>();
  const fold = async (cartIds: readonly CartId[]) => {
    const views = await Promise.all(cartIds.map((cartId) => foldCartView(streams, cartId)));
    for (const cartId of cartIds) seen.add(cartId);
    for (const view of views) if (view?.owner === subject && (status === undefined || view.status === status)) found.push(view);
  };
  for (let place = after; ; ) {
    const places: readonly CartListPlace[] | null = await subjectCarts.page(subject, {
      by,
      limit: atOnce(limit),
      ...(place && { after: place }),
    });
    if (!places) return null;
    await fold(places.map(({ cartId }) => cartId));
    place = places.at(-1);
    if (found.length > limit || places.length < atOnce(limit)) break;
  }
  if (atLeast && !seen.has(atLeast.cartId)) await fold([atLeast.cartId]);
  return cartListPage(listedAfter(found, by, after), request);
};

const atOnce = (limit: number) => Math.max(limit, 20) + 1;
