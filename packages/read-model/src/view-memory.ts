import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { LRUCache } from "lru-cache";

/** What a read found. */
type Found = ReadonlyMap<CartId, CartView>;

/**
 * The views that were used last, as many as hold `maxLines` lines together. None is ever older than the store's, if every write is
 * told by `put` or, where nobody knows what became of it, by `doubt`: a read that was under way then is not remembered.
 */
export const viewMemory = (maxLines: number) => {
  const views = new LRUCache<CartId, CartView>({ maxSize: maxLines, sizeCalculation: ({ items }) => 1 + items.length });
  const reads = new Set<Set<CartId>>();
  const doubted = new Set<CartId>();
  const touch = (cartId: CartId) => {
    for (const read of reads) read.delete(cartId);
  };
  return {
    get: (cartId: CartId): CartView | undefined => views.get(cartId),

    put(written: Iterable<CartView>): void {
      for (const view of written) {
        views.set(view.cartId, view);
        doubted.delete(view.cartId);
        touch(view.cartId);
      }
    },

    /** These carts are not remembered until the next write of each: one that is still under way may end at any time. */
    doubt(cartIds: Iterable<CartId>): void {
      for (const cartId of cartIds) {
        views.delete(cartId);
        doubted.add(cartId);
        touch(cartId);
      }
    },

    /** Remembers what a read of these carts finds, and answers it, or what has been put meanwhile. */
    async fill(cartIds: readonly CartId[], read: (cartIds: readonly CartId[]) => Promise<Found>): Promise<Found> {
      const untouched = new Set(cartIds);
      reads.add(untouched);
      try {
        const found = new Map(await read(cartIds));
        for (const [cartId, view] of found) {
          const known = views.get(cartId);
          const newest = newerOf(view, known);
          found.set(cartId, newest);
          // What was put during the read and is forgotten again may have been newer than what was read.
          if ((known || untouched.has(cartId)) && !doubted.has(cartId)) views.set(cartId, newest);
        }
        return found;
      } finally {
        reads.delete(untouched);
      }
    },
  };
};

const newerOf = (read: CartView, known: CartView | undefined): CartView => (known && known.version > read.version ? known : read);
