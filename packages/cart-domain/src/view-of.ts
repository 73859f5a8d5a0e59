import type { CartView, CartViewItem } from "@cartwright/contracts/cart-view";
import type { CheckoutState, CheckoutView } from "@cartwright/contracts/checkout-shapes";
import type { ExistingCart } from "./cart.ts";
import { allLines, type CartLine, lineOf, lineTotalMinor } from "./lines.ts";

/** The cart as it is shown. `version` is the number of events that it was folded from. */
export const viewOf = (cart: ExistingCart, version: number): CartView => {
  const { cartId, status, owner, ownerKind, currency, lines, mergedInto, checkout, coupons, contact, order, openedAt, updatedAt } = cart;
  return {
    cartId,
    version,
    status,
    owner,
    ownerKind,
    currency,
    items: allLines(lines).map(itemOf),
    totals: { itemCount: lines.itemCount, lineCount: lines.count, total: { amountMinor: lines.totalMinor, currency } },
    canUndo: status === "Open" && cart.lastRemoval.length > 0 && !cart.lastRemoval.some((line) => lineOf(lines, line.productId)),
    mergedInto,
    checkout: checkout && checkoutView(checkout),
    coupons,
    hasContact: contact !== null,
    order,
    openedAt,
    updatedAt,
  };
};

/** Without what is between the service and the provider, and without whom it is about. */
export const checkoutView = ({
  checkoutId,
  status,
  amount,
  deadline,
  action,
  failure,
  orderId,
  startedAt,
}: CheckoutState): CheckoutView => ({
  ...{ checkoutId, status, amount, deadline, failure, orderId, startedAt },
  action: status === "ActionRequired" ? action : null,
});

const itemOf = (line: CartLine): CartViewItem => ({
  productId: line.productId,
  ...line.product,
  quantity: line.quantity,
  unitPrice: line.unitPrice,
  lineTotal: { amountMinor: lineTotalMinor(line), currency: line.unitPrice.currency },
});
