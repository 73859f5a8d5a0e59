import { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { CartId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { cartViewKeys, defaultKeyPrefix, placedList } from "@cartwright/read-model/redis/cart-view-keys";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import { parseMark } from "@cartwright/read-model/redis/stored-mark";
import type { CartLists, CartSnapshot, KeptCart } from "./compare-carts.ts";

export type RedisSnapshotOptions = { readonly redis: RedisClient; readonly version: number; readonly prefix?: string };

const lists = ["all", placedList, ...CartStatus.options] as const;

/** One version of the cart views in Redis. */
export const redisSnapshot = ({ redis, version, prefix = defaultKeyPrefix }: RedisSnapshotOptions): CartSnapshot => {
  const keys = cartViewKeys(prefix).of(version);
  return {
    async read(shard, carts) {
      // In one transaction, so that all of it is of one moment.
      const transaction = redis
        .multi()
        .mget<(string | null)[]>([keys.mark(shard), ...carts.map(({ cartId }) => keys.view(cartId))])
        .mget<(string | null)[]>(carts.map(({ owner }) => keys.listed(owner)));
      for (const { cartId, owner } of carts) for (const list of lists) transaction.zscore(keys.list(list, owner), cartId);
      const [values, listed, ...scores] = await transaction.exec<[(string | null)[], (string | null)[], ...(string | null)[]]>();
      const keptAt = (index: number): KeptCart => ({
        view: values[index + 1]?.split("\n")[1] ?? null,
        lists: listed[index] === "whole" ? listsOf(scores.slice(lists.length * index)) : null,
      });
      return {
        position: parseMark(values[0])?.position ?? 0n,
        kept: new Map(carts.map(({ cartId }, index) => [cartId, keptAt(index)])),
      };
    },

    async *everyCart() {
      for await (const found of scanned(redis, `${keys.viewPrefix}*`))
        yield found.map((key) => ({ cartId: key.slice(keys.viewPrefix.length) as CartId }));
      for await (const found of scanned(redis, `${keys.listPrefix}*`))
        for (const key of found) {
          const listedFor = key.slice(key.indexOf(":", keys.listPrefix.length) + 1);
          yield ((await redis.zrange<CartId[]>(key, 0, -1)) ?? []).map((cartId) => ({ cartId, listedFor }));
        }
    },
  };
};

const listsOf = (scores: readonly (string | null)[]): CartLists =>
  Object.fromEntries(
    lists.flatMap((list, index) => {
      const score = scores[index] ?? null;
      return score === null ? [] : [[list, instantOf(new Date(Number(score)))]];
    }),
  );

/** Keys that were there all the while, once or more; those that come and go, perhaps. */
export async function* scanned(redis: RedisClient, match: string): AsyncGenerator<readonly string[]> {
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, { match, count: 1_000 });
    yield keys;
    cursor = String(next);
  } while (cursor !== "0");
}
