import type { CartView } from "@cartwright/contracts/cart-view";
import { type CartId, type CheckoutId, SubjectId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import { decodeCartListCursor, encodeCartListCursor } from "@cartwright/read-model/cart-list-cursor";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import { AtLeastPosition, requestOf } from "../carts/at-least-position.ts";
import type { Caller } from "../carts/caller.ts";
import type { CartQueriesDeps } from "../carts/cart-queries.ts";
import { type ShownOrderState, shownOrderState } from "./shown-order.ts";

export const ListOrders = z.strictObject({
  /** The `nextCursor` of the page before. */
  cursor: z.string().max(500).optional(),
  limit: z.int().min(1).max(100).default(20),
  userId: SubjectId.optional(),
  ...AtLeastPosition.shape,
});
export type ListOrders = z.output<typeof ListOrders>;

/** An order in a list: all but what was bought. */
export type ListedOrder = ShownOrderState & {
  readonly cartId: CartId;
  readonly checkoutId: CheckoutId;
  /** Pieces over all lines. */
  readonly itemCount: number;
  readonly total: Money;
};
export type OrderPage = { readonly items: readonly ListedOrder[]; readonly nextCursor: string | null };

/** A subject's orders, the newest first, a moment behind, or with all that the client knows of. */
export const listOrders =
  ({ views }: Pick<CartQueriesDeps, "views">) =>
  async (caller: Caller, input: ListOrders): Promise<Answer<OrderPage>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { cursor, limit } = input;
    const after = cursor === undefined ? undefined : decodeCartListCursor(cursor);
    const written = requestOf(input);
    if ((cursor !== undefined && !after) || !written) return { ok: false, refusal: { code: "InvalidInput" } };
    const page = await views.listBySubject(access.value.owner, { limit, by: "placedAt", ...(after && { after }), ...written });
    return { ok: true, value: { items: page.views.flatMap(listed), nextCursor: page.next && encodeCartListCursor(page.next) } };
  };

const listed = ({ cartId, order, checkout, totals }: CartView): readonly ListedOrder[] =>
  order && checkout
    ? [{ ...shownOrderState(order), cartId, checkoutId: checkout.checkoutId, itemCount: totals.itemCount, total: checkout.amount }]
    : [];
