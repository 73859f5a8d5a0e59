import type { CartId } from "@cartwright/contracts/ids";
import { cartListPage, listedAfter } from "./cart-list-page.ts";
import type { CartViewRecord, CartViewWriter } from "./cart-view-writer.ts";
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
      async listBySubject(subject, { status, by = "openedAt", after, limit }) {
        const views = [...records.values()].map(({ view }) => view);
        const mine = views.filter((view) => view.owner === subject && (status === undefined || view.status === status));
        return cartListPage(listedAfter(mine, by, after), { limit, by });
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
