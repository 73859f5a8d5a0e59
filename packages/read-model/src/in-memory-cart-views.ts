import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import { shardOf } from "@cartwright/event-log/shard-of";
import { cartListPage, listedAfter } from "./cart-list-page.ts";
import type { CartViewRecord, CartViewWriter } from "./cart-view-writer.ts";
import type { CartWritten } from "./cart-views.ts";
import { type CartViewsBesideWriter, cartViewsOver } from "./cart-views-over.ts";

export type InMemoryCartViews = CartViewsBesideWriter & {
  /**
   * What `work` applies is there when it has ended, and nothing of it when it throws. With it the shard of the cart `reached` is
   * projected up to its position.
   */
  flush(work: (writer: CartViewWriter) => Promise<void>, reached?: CartWritten): Promise<void>;
};

const shards = 16;

/** For tests and for processes without a store: gone with the process. */
export const inMemoryCartViews = (): InMemoryCartViews => {
  const records = new Map<CartId, CartViewRecord>();
  const marks = new Map<number, bigint>();
  const markOf = (cartId: CartId) => marks.get(shardOf(cartStreamId(cartId), shards)) ?? 0n;
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
      async list(subject, { status, by = "openedAt", after, limit, atLeast }) {
        if (atLeast && markOf(atLeast.cartId) < atLeast.position) return "behind";
        const views = [...records.values()].map(({ view }) => view);
        const mine = views.filter((view) => view.owner === subject && (status === undefined || view.status === status));
        return cartListPage(listedAfter(mine, by, after), { limit, by });
      },
    }),
    async flush(work, reached) {
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
      if (reached) marks.set(shardOf(cartStreamId(reached.cartId), shards), reached.position);
    },
  };
};
