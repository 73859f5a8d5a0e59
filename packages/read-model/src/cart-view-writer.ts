import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";

/** A view, and what its projection wants to find again beside it when it goes on from here. */
export type CartViewRecord = { view: CartView; remainder: Json };

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The projection's side of the store, within one flush: what is applied is there if and only if the marks of the flush are.
 * A projection that writes other views, or remembers something else beside them, is another projection with a store of its own.
 */
export type CartViewWriter = {
  /** The records that are there, in one round trip. */
  load(cartIds: readonly CartId[]): Promise<ReadonlyMap<CartId, CartViewRecord>>;
  /** Writes each view whole, in one round trip for all of them, where it is newer than the one that is there. At most one a cart. */
  apply(records: readonly CartViewRecord[]): Promise<void>;
};
