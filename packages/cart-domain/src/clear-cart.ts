import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type Cart, whyNotOpen } from "./cart.ts";

export type ClearCart = { cartId: CartId; now: Instant };
export type ClearCartRefusal = RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress">;

/** Removes every line at once; one undo brings all of them back. */
export const clearCart = ({ cartId, now }: ClearCart, cart: Cart): Decision<CartEvent, ClearCartRefusal> => {
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  const { count, itemCount, totalMinor } = cart.lines;
  if (count === 0) return accept();
  const total = { amountMinor: totalMinor, currency: cart.currency };
  return accept({ type: "CartCleared", data: { cartId, lineCount: count, itemCount, total, clearedAt: now } });
};
