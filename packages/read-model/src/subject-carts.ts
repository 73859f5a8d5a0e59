import type { SubjectId } from "@cartwright/contracts/ids";
import type { CartListPlace } from "./cart-views.ts";

/** Which carts a subject has: kept in PostgreSQL beside views that are elsewhere, for when these can't be read. */
export type SubjectCarts = {
  /** The newest first, of all statuses. */
  page(subject: SubjectId, request: { after?: CartListPlace; limit: number }): Promise<readonly CartListPlace[]>;
};
