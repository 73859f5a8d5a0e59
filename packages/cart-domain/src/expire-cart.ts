import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import { type Instant, millisecondsBetween } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";

export type ExpireCart = {
  cartId: CartId;
  /** For how long nothing may have happened to the cart. */
  idleLimitMs: number;
  now: Instant;
};

/** Expires an idle cart. Said by a timer, which may be late or come twice: a cart that was active since, or is closed, stays as it is. */
export const expireCart = ({ cartId, idleLimitMs, now }: ExpireCart, cart: Cart): Decision<CartEvent, never> => {
  if (cart.status !== "Open") return accept();
  if (millisecondsBetween(cart.updatedAt, now) < idleLimitMs) return accept();
  return accept({ type: "CartExpired", data: { cartId, idleSince: cart.updatedAt, expiredAt: now } });
};
