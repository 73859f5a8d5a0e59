import type { SubjectId } from "@cartwright/contracts/ids";
import type { CartListOrder, CartListPlace } from "./cart-views.ts";

/** Which carts a subject has: kept in PostgreSQL beside the views, for when these can't be read. */
export type SubjectCarts = {
  /** The newest first, of all statuses; sorted by when they were ordered, those that were. Null while the index is being filled. */
  page(subject: SubjectId, request: { by?: CartListOrder; after?: CartListPlace; limit: number }): Promise<readonly CartListPlace[] | null>;
};
