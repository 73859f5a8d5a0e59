import type { CartView } from "@cartwright/contracts/cart-view";
import type { SubjectId } from "@cartwright/contracts/ids";
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

/** A page of a subject's carts as this moment's log has them: for when the views are away, or too old. */
export const listFromLog = async (deps: ListsFromLogDeps, subject: SubjectId, request: CartListRequest): Promise<CartListPage> => {
  const { status, by = "openedAt", after, limit } = request;
  // The index is sorted by the opening: by another time, the first of a page may be the last of the index.
  const enough = by === "openedAt" ? limit : Number.POSITIVE_INFINITY;
  const found: CartView[] = [];
  let place: CartListPlace | undefined = by === "openedAt" ? after : undefined;
  for (;;) {
    const places = await deps.subjectCarts.page(subject, { limit: atOnce(limit), ...(place && { after: place }) });
    const views = await Promise.all(places.map(({ cartId }) => foldCartView(deps.streams, cartId)));
    found.push(...views.filter((view) => view !== null).filter((view) => status === undefined || view.status === status));
    place = places.at(-1);
    if (found.length > enough || places.length < atOnce(limit)) return cartListPage(listedAfter(found, by, after), request);
  }
};

const atOnce = (limit: number) => Math.max(limit, 20) + 1;
