import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId, ProductId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { brokenLimit, type LimitRefusal } from "./broken-limit.ts";
import { type Cart, whyNotOpen } from "./cart.ts";
import { lineOf } from "./lines.ts";
import { itemRemoved } from "./remove-item.ts";

/** `quantity` is 0 or more. */
export type SetQuantity = { cartId: CartId; productId: ProductId; quantity: number; now: Instant };
export type SetQuantityRefusal = LimitRefusal | RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress" | "NotInCart">;

/** Zero removes the line. The line keeps the price that it was added at. */
export const setQuantity = (command: SetQuantity, cart: Cart): Decision<CartEvent, SetQuantityRefusal> => {
  const { cartId, productId, quantity, now } = command;
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  const line = lineOf(cart.lines, productId);
  if (!line) return refuse({ code: "NotInCart", productId });
  if (quantity === line.quantity) return accept();
  if (quantity === 0) return accept(itemRemoved(line, command));

  const broken = brokenLimit(cart.lines, { ...line, quantity });
  if (broken) return refuse(broken);
  return accept({ type: "ItemQuantitySet", data: { cartId, productId, from: line.quantity, to: quantity, setAt: now } });
};
