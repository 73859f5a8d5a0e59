import type { CartId } from "@cartwright/contracts/ids";

/** The names of all keys of the cart views; `docs/redis-keys.md` says what is in them. */
export const cartViewKeys = (prefix: string) => {
  const projection = `${prefix}cart-view:`;
  return {
    projection,
    active: `${projection}active`,
    of: (version: number) => cartViewKeysOf(`${projection}${version}:`),
  };
};

/** Of one version of the projection. */
const cartViewKeysOf = (version: string) => ({
  every: `${version}*`,
  markPrefix: `${version}mark:`,
  everyMark: `${version}mark:*`,
  shardOf: (mark: string) => Number(mark.slice(`${version}mark:`.length)),
  mark: (shard: number) => `${version}mark:${shard}`,
  viewPrefix: `${version}view:`,
  view: (cartId: CartId) => `${version}view:${cartId}`,
  listPrefix: `${version}carts:`,
  listedPrefix: `${version}listed:`,
  listed: (subject: string) => `${version}listed:${subject}`,
  list: (which: string, subject: string) => `${version}carts:${which}:${subject}`,
});

export type CartViewKeys = ReturnType<typeof cartViewKeysOf>;

/** Beside the lists of all carts and by status: those that were ordered, by when they were. */
export const placedList = "placed";

/** What every key of a deployment begins with, unless it is told otherwise. */
export const defaultKeyPrefix = "cartwright:";
