import { cartEvents } from "@cartwright/contracts/cart-events";
import type { EventLog } from "@cartwright/event-log/event-log";
import { comparePlaces } from "./cart-list-page.ts";
import type { CartListPlace } from "./cart-views.ts";
import { type CartViewsBesideWriter, cartViewsOver } from "./cart-views-over.ts";
import { listFromLog } from "./lists-from-log.ts";
import type { SubjectCarts } from "./subject-carts.ts";

/** For a process without a store: nothing is kept, and all that is asked for is made from the log. The log should be a small one. */
export const cartViewsFromLog = (log: Pick<EventLog, "shards" | "read" | "readStream">): CartViewsBesideWriter => {
  const deps = { streams: log, subjectCarts: subjectCartsIn(log) };
  return cartViewsOver(
    { getMany: async () => new Map(), list: async () => "filling" },
    { fromLog: (subject, request) => listFromLog(deps, subject, request) },
  );
};

/** All of the log is read for each page. */
export const subjectCartsIn = (log: Pick<EventLog, "shards" | "read">): SubjectCarts => ({
  async page(subject, { by = "openedAt", after, limit }) {
    const places: CartListPlace[] = [];
    for (let shard = 0; shard < log.shards; shard++) {
      for (const recorded of await log.read([{ shard, after: 0n }], Number.MAX_SAFE_INTEGER)) {
        if (recorded.type !== (by === "openedAt" ? "CartOpened" : "OrderPlaced")) continue;
        const { type, data } = cartEvents.decode(recorded);
        if (type === "CartOpened" && data.owner === subject) places.push({ cartId: data.cartId, at: data.openedAt });
        if (type === "OrderPlaced" && data.owner === subject) places.push({ cartId: data.cartId, at: data.placedAt });
      }
    }
    return places
      .filter((place) => !after || comparePlaces(after, place) < 0)
      .sort(comparePlaces)
      .slice(0, limit);
  },
});
