import { type Cart, evolve } from "@cartwright/cart-domain/cart";
import { cartFromSnapshot } from "@cartwright/cart-domain/cart-snapshot";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartChanged, LiveCartMessage } from "@cartwright/contracts/live-cart";

/** The cart as the service has told it. */
export type ConfirmedCart = { readonly cart: Cart; readonly version: number };

/**
 * The cart once the message has come: the same one where it tells nothing new, null where it can't be followed, because a change is
 * missing or comes from a service that knows more: the whole cart is to be asked for.
 */
export const followed = (confirmed: ConfirmedCart | null, message: LiveCartMessage): ConfirmedCart | null => {
  if (message.kind === "snapshot") return { cart: cartFromSnapshot(message.snapshot), version: message.version };
  if (!confirmed || message.version > confirmed.version + 1) return null;
  return message.version <= confirmed.version ? confirmed : next(confirmed, message);
};

const next = ({ cart }: ConfirmedCart, { event, schemaVersion, version }: CartChanged): ConfirmedCart | null => {
  if (newestVersions[event.type] !== schemaVersion) return null;
  try {
    return { cart: evolve(cart, event), version };
  } catch {
    // The cart that we have is not the one that this happened to.
    return null;
  }
};

/** The version of each type that the domain here knows. The registry itself would bring all the schemas into the browser. */
export const newestVersions: Readonly<Record<CartEvent["type"], number>> = {
  CartOpened: 1,
  ItemAddedToCart: 2,
  ItemQuantitySet: 1,
  ItemRemovedFromCart: 1,
  CartCleared: 1,
  CartItemRepriced: 1,
  RemovalUndone: 1,
  GuestCartMerged: 1,
  CartMergedIntoAnother: 1,
  CartCancelled: 1,
  CartExpired: 1,
  CouponApplied: 1,
  CouponRemoved: 1,
  ContactSet: 1,
  CheckoutStarted: 3,
  CheckoutApproved: 1,
  CheckoutActionRequired: 1,
  CheckoutActionConfirmed: 1,
  CheckoutFailed: 1,
  OrderPlaced: 2,
  OrderPaid: 2,
  OrderRefunded: 1,
  OrderRefundReturned: 1,
  OrderPaymentFailed: 1,
  OrderCancelled: 1,
};
