import { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { CartView } from "@cartwright/contracts/cart-view";
import { SubjectId } from "@cartwright/contracts/ids";
import { decodeCartListCursor, encodeCartListCursor } from "@cartwright/read-model/cart-list-cursor";
import * as z from "zod";
import { accessOf } from "./access.ts";
import type { Answer } from "./answer.ts";
import { AtLeastPosition, requestOf } from "./at-least-position.ts";
import type { Caller } from "./caller.ts";
import type { CartQueriesDeps } from "./cart-queries.ts";
import { type ShownCart, shown } from "./shown-cart.ts";

export const ListCarts = z.strictObject({
  status: CartStatus.optional(),
  /** The `nextCursor` of the page before. */
  cursor: z.string().max(500).optional(),
  limit: z.int().min(1).max(100).default(20),
  userId: SubjectId.optional(),
  ...AtLeastPosition.shape,
});
export type ListCarts = z.output<typeof ListCarts>;

/** A cart in a list: all but its lines. */
export type ListedCart = Omit<ShownCart, "items" | "canUndo">;
export type CartPage = { readonly items: readonly ListedCart[]; readonly nextCursor: string | null };

/** A subject's carts, the newest first, a moment behind, or with all that the client knows of. */
export const listCarts =
  ({ views }: Pick<CartQueriesDeps, "views">) =>
  async (caller: Caller, input: ListCarts): Promise<Answer<CartPage>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { status, cursor, limit } = input;
    const after = cursor === undefined ? undefined : decodeCartListCursor(cursor);
    const written = requestOf(input);
    if ((cursor !== undefined && !after) || !written) return { ok: false, refusal: { code: "InvalidInput" } };
    const page = await views.listBySubject(access.value.owner, { limit, ...(status && { status }), ...(after && { after }), ...written });
    return { ok: true, value: { items: page.views.map(listed), nextCursor: page.next && encodeCartListCursor(page.next) } };
  };

const listed = (view: CartView): ListedCart => {
  const { items: _items, canUndo: _canUndo, ...rest } = shown(view);
  return rest;
};
