import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type Cart, whyNotOpen } from "./cart.ts";

export type CancelCart = { cartId: CartId; now: Instant };
export type CancelCartRefusal = RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress">;

/** Cancelling a cancelled cart changes nothing. */
export const cancelCart = ({ cartId, now }: CancelCart, cart: Cart): Decision<CartEvent, CancelCartRefusal> => {
  if (cart.status === "Cancelled") return accept();
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  return accept({ type: "CartCancelled", data: { cartId, cancelledAt: now } });
};
