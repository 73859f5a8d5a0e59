import type { ExistingCart } from "@cartwright/cart-domain/cart";
import { allLines, type CartLine, noLines, withLine } from "@cartwright/cart-domain/lines";
import { viewOf } from "@cartwright/cart-domain/view-of";
import type { CartViewItem } from "@cartwright/contracts/cart-view";
import type { CheckoutState, SealedContact } from "@cartwright/contracts/checkout-shapes";
import type { CartViewRecord } from "@cartwright/read-model/cart-view-writer";

/** Of a folded cart what its view does not show. */
type Remainder = {
  /** Of the view's items, in their order. */
  ordinals: readonly number[];
  nextOrdinal: number;
  lastRemoval: readonly CartLine[];
  /** Absent from what was written before there were checkouts. */
  checkout?: CheckoutState | null;
  /** In the same way. */
  contact?: SealedContact | null;
};

/** What is stored of a cart: enough to show it, and to fold its next event. */
export const recordOf = (cart: ExistingCart, version: number): CartViewRecord => {
  const view = viewOf(cart, version);
  const remainder: Remainder = {
    ordinals: allLines(cart.lines).map(({ ordinal }) => ordinal),
    nextOrdinal: cart.nextOrdinal,
    lastRemoval: cart.lastRemoval,
    checkout: cart.checkout,
    contact: cart.contact,
  };
  return { view, remainder };
};

/** The cart as it was folded when its record was made. */
export const cartOf = ({ view, remainder }: CartViewRecord): ExistingCart => {
  // Nobody else writes it.
  const { ordinals, nextOrdinal, lastRemoval, checkout = null, contact = null } = remainder as Remainder;
  const { cartId, status, owner, ownerKind, currency, mergedInto, coupons, order, openedAt, updatedAt } = view;
  const lines = view.items.map((item, index) => lineOf(item, ordinals[index] ?? index)).reduce(withLine, noLines);
  return {
    ...{ cartId, status, owner, ownerKind, currency, lines, lastRemoval, mergedInto, checkout, coupons, contact, order },
    ...{ nextOrdinal, openedAt, updatedAt },
  };
};

const lineOf = ({ productId, name, category, image, quantity, unitPrice }: CartViewItem, ordinal: number): CartLine => ({
  productId,
  product: { name, category, image },
  quantity,
  unitPrice,
  ordinal,
});
