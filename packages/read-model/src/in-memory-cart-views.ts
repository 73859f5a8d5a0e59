import type { CartId } from "@cartwright/contracts/ids";
import { cartListPage } from "./cart-list-page.ts";
import type { CartViewRecord, CartViewWriter } from "./cart-view-writer.ts";
import type { CartListPlace } from "./cart-views.ts";
import { type CartViewsBesideWriter, cartViewsOver } from "./cart-views-over.ts";

export type InMemoryCartViews = CartViewsBesideWriter & {
  /** What `work` applies is there when it has ended, and nothing of it when it throws. */
  flush(work: (writer: CartViewWriter) => Promise<void>): Promise<void>;
};

/** For tests and for processes without a store: gone with the process. */
export const inMemoryCartViews = (): InMemoryCartViews => {
  const records = new Map<CartId, CartViewRecord>();
  const recordsOf = (cartIds: readonly CartId[]) =>
    new Map(
      cartIds.flatMap((cartId): [CartId, CartViewRecord][] => {
        const record = records.get(cartId);
        return record ? [[cartId, record]] : [];
      }),
    );
  return {
    ...cartViewsOver({
      getMany: async (cartIds) => new Map([...recordsOf(cartIds)].map(([cartId, { view }]) => [cartId, view])),
      async listBySubject(subject, { status, after, limit }) {
        const listed = [...records.values()]
          .map(({ view }) => view)
          .filter((view) => view.owner === subject && (status === undefined || view.status === status))
          .filter((view) => !after || comparePlaces(after, view) < 0);
        return cartListPage(listed.sort(comparePlaces), limit);
      },
    }),
    async flush(work) {
      const applied: CartViewRecord[] = [];
      await work({
        load: async (cartIds) => recordsOf(cartIds),
        async apply(batch) {
          applied.push(...batch);
        },
      });
      for (const record of applied) {
        const { cartId, version } = record.view;
        if (version > (records.get(cartId)?.view.version ?? 0)) records.set(cartId, record);
      }
    },
  };
};

/** The newest first. */
const comparePlaces = (left: CartListPlace, right: CartListPlace): number => {
  if (left.openedAt !== right.openedAt) return left.openedAt > right.openedAt ? -1 : 1;
  if (left.cartId === right.cartId) return 0;
  return left.cartId > right.cartId ? -1 : 1;
};
