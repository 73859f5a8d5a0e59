import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId, ProductId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type Cart, whyNotOpen } from "./cart.ts";
import { type CartLine, lineOf } from "./lines.ts";

export type RemoveItem = { cartId: CartId; productId: ProductId; now: Instant };
export type RemoveItemRefusal = RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress">;

/** Removing what is not there changes nothing. */
export const removeItem = (command: RemoveItem, cart: Cart): Decision<CartEvent, RemoveItemRefusal> => {
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, command.cartId));
  const line = lineOf(cart.lines, command.productId);
  return line ? accept(itemRemoved(line, command)) : accept();
};

export const itemRemoved = ({ quantity, unitPrice }: CartLine, { cartId, productId, now }: RemoveItem): CartEvent => ({
  type: "ItemRemovedFromCart",
  data: { cartId, productId, quantity, unitPrice, removedAt: now },
});
