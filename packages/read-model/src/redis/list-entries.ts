import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { shardOf } from "@cartwright/event-log/shard-of";
import type { CartListPlace } from "../cart-views.ts";
import { viewOfEvents } from "../fold-cart-view.ts";
import type { IndexReached } from "../subject-carts.ts";
import type { CartViewKeys } from "./cart-view-keys.ts";
import { storedView } from "./redis-cart-view-store.ts";
import { redisError } from "./redis-errors.ts";
import type { RedisListFillingOptions } from "./redis-list-filling.ts";

/** By what a cart is found in lists. */
export type ListEntry = Pick<CartView, "cartId" | "openedAt" | "status"> & { readonly placedAt: string | null };

/** So many streams are read at once: the log serves shoppers meanwhile. */
const streamsAtOnce = 8;

/**
 * Of carts that have events up to there: from their views, which flushes keep, or folded from the log up to there and no further,
 * so that lists are never ahead of the views.
 */
export const listEntries =
  ({ redis, log }: Pick<RedisListFillingOptions, "redis" | "log">) =>
  async (
    places: readonly CartListPlace[],
    { keys, reached }: { keys: CartViewKeys; reached: IndexReached },
  ): Promise<readonly ListEntry[]> => {
    if (places.length === 0) return [];
    const foldUpTo = async (cartId: CartId) => {
      const streamId = cartStreamId(cartId);
      const until = reached.positions[shardOf(streamId, log.shards)] ?? 0n;
      return viewOfEvents((await log.readStream(streamId)).filter(({ position }) => position <= until));
    };
    const values = await redis.mget<(string | null)[]>(places.map(({ cartId }) => keys.view(cartId))).catch(failed);
    const left = places.map(({ cartId }, index) => ({ cartId, value: values[index] ?? null }));
    const entries: ListEntry[] = [];
    const take = async () => {
      for (let next = left.pop(); next; next = left.pop()) {
        const view = next.value === null ? await foldUpTo(next.cartId) : storedView(next.value);
        if (view)
          entries.push({ cartId: view.cartId, openedAt: view.openedAt, status: view.status, placedAt: view.order?.placedAt ?? null });
      }
    };
    await Promise.all(Array.from({ length: streamsAtOnce }, take));
    return entries;
  };

const failed = (error: unknown): never => {
  throw redisError(error);
};
