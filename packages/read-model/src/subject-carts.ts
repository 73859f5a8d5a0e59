import type { SubjectId } from "@cartwright/contracts/ids";
import type { CartListOrder, CartListPlace } from "./cart-views.ts";

/** Of each shard of the cart's log in this epoch, up to where. */
export type IndexReached = { readonly epoch: string; readonly positions: readonly bigint[] };

export type SubjectCartsRequest = {
  readonly by?: CartListOrder;
  readonly after?: CartListPlace;
  readonly limit: number;
  /** How far the index has to be. */
  readonly reached?: IndexReached;
};

/** Which carts a subject has: kept in PostgreSQL beside the views, for when these can't be read. */
export type SubjectCarts = {
  /**
   * The newest first, of all statuses; sorted by when they were ordered, those that were. Null while the index is being filled, or
   * is not as far as is asked for.
   */
  page(subject: SubjectId, request: SubjectCartsRequest): Promise<readonly CartListPlace[] | null>;
};
