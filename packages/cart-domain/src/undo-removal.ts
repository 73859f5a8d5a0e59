import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { brokenLimit, type LimitRefusal } from "./broken-limit.ts";
import { type Cart, whyNotOpen } from "./cart.ts";
import { lineOf, withLine } from "./lines.ts";

export type UndoRemoval = { cartId: CartId; now: Instant };
export type UndoRemovalRefusal =
  | LimitRefusal
  | RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress" | "NothingToUndo" | "BackInCart">;

/** Brings the lines of the last removal back as they were: all of them, once, and only while none has been added again. */
export const undoRemoval = ({ cartId, now }: UndoRemoval, cart: Cart): Decision<CartEvent, UndoRemovalRefusal> => {
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  if (cart.lastRemoval.length === 0) return refuse({ code: "NothingToUndo" });
  const back = cart.lastRemoval.filter((line) => lineOf(cart.lines, line.productId));
  if (back.length > 0) return refuse({ code: "BackInCart", productIds: back.map((line) => line.productId) });

  let lines = cart.lines;
  for (const line of cart.lastRemoval) {
    const broken = brokenLimit(lines, line);
    if (broken) return refuse(broken);
    lines = withLine(lines, line);
  }
  const items = cart.lastRemoval.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice }));
  return accept({ type: "RemovalUndone", data: { cartId, items, undoneAt: now } });
};
