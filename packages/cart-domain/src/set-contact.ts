import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { SealedContact } from "@cartwright/contracts/checkout-shapes";
import type { CartId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type Cart, type NotOpenRefusal, whyNotOpen } from "./cart.ts";

export type SetContact = { cartId: CartId; contact: SealedContact; now: Instant };

/** Says how the shopper is reached; what was said before is forgotten. Sealed anew the same contact is another text, so each is an event. */
export const setContact = ({ cartId, contact, now }: SetContact, cart: Cart): Decision<CartEvent, NotOpenRefusal> => {
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  return accept({ type: "ContactSet", data: { cartId, contact, setAt: now } });
};
