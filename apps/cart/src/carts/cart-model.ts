import { absentCart, type Cart, evolve } from "@cartwright/cart-domain/cart";
import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import type { SubjectId } from "@cartwright/contracts/ids";
import type { StreamModel } from "@cartwright/event-log/command-handler";
import type { Claim } from "@cartwright/event-log/event-log";

/** How the stream `cart-<cartId>` is folded and written. */
export const cartModel: StreamModel<Cart, CartEvent> = {
  initial: absentCart,
  evolve,
  encode: cartEvents.encode,
  decode: cartEvents.decode,
  claimsOf: (event, cart) => (cart.status === "Absent" ? [] : claimsOf(event, cart.owner)),
};

/** The claim that says which cart is the subject's current one: its holder is the cart's id. */
export const currentCartClaim = (owner: SubjectId): string => `current-cart:${owner}`;

/** The first cart that a subject opens is its current one, until it is closed. */
const claimsOf = ({ type, data }: CartEvent, owner: SubjectId): readonly Claim[] => {
  const claim = { key: currentCartClaim(owner), holder: data.cartId };
  switch (type) {
    case "CartOpened":
      return [{ kind: "holdIfFree", ...claim }];
    case "CartCancelled":
    case "CartExpired":
    case "CartMergedIntoAnother":
    case "OrderPlaced":
      return [{ kind: "release", ...claim }];
    case "ItemAddedToCart":
    case "ItemQuantitySet":
    case "CartItemRepriced":
    case "ItemRemovedFromCart":
    case "CartCleared":
    case "RemovalUndone":
    case "GuestCartMerged":
    case "CheckoutStarted":
    case "CheckoutApproved":
    case "CheckoutFailed":
      return [];
  }
};
