import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { OwnerKind } from "@cartwright/contracts/cart-shapes";
import type { Currency } from "@cartwright/contracts/currency";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type Cart, whyNotOpen } from "./cart.ts";

export type OpenCart = { cartId: CartId; owner: SubjectId; ownerKind: OwnerKind; currency: Currency; now: Instant };
export type OpenCartRefusal = RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress" | "CurrencyMismatch">;

/** Opening a cart again that is open, or is being paid, changes nothing. */
export const openCart = (command: OpenCart, cart: Cart): Decision<CartEvent, OpenCartRefusal> => {
  if (cart.status === "Absent") return accept(cartOpened(command));
  if (cart.owner !== command.owner) return refuse({ code: "CartNotFound", cartId: command.cartId });
  if (cart.status === "CheckingOut") return accept();
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, command.cartId));
  if (cart.currency !== command.currency) return refuse({ code: "CurrencyMismatch", cart: cart.currency, given: command.currency });
  return accept();
};

export const cartOpened = ({ cartId, owner, ownerKind, currency, now }: OpenCart): CartEvent => ({
  type: "CartOpened",
  data: { cartId, owner, ownerKind, currency, openedAt: now },
});
