import { orderViewOf } from "@cartwright/cart-domain/order-view-of";
import { OrderId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import type { CartQueriesDeps } from "../carts/cart-queries.ts";
import { recordLook } from "../carts/support-reads.ts";
import { cartOfOrder } from "./order-of.ts";
import { type ShownOrder, shownOrder } from "./shown-order.ts";

export const GetOrder = z.strictObject({
  orderId: OrderId,
  /** Why support looks. */
  reason: lineOfText(500).optional(),
});
export type GetOrder = z.output<typeof GetOrder>;

export type GetOrderDeps = Pick<CartQueriesDeps, "handler" | "supportReads" | "now">;

/** An order as this moment's log has it. */
export const getOrder =
  (deps: GetOrderDeps) =>
  async (caller: Caller, input: GetOrder): Promise<Answer<ShownOrder>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const found = await cartOfOrder(deps, input.orderId, access.value);
    if (!found.ok) return found;
    await recordLook(deps, { caller, access: access.value, question: "order" }, found.cart);
    const order = orderViewOf(found.cart, found.version);
    return order ? { ok: true, value: shownOrder(order) } : { ok: false, refusal: { code: "OrderNotFound", orderId: input.orderId } };
  };
