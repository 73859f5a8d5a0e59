import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import type { OrderItem, OrderView } from "@cartwright/contracts/order-view";
import type { QuoteLine } from "@cartwright/contracts/pricing-shapes";
import { checkoutOf, type ExistingCart } from "./cart.ts";
import { lineOf } from "./lines.ts";

/** The order as it is shown; null while the cart is none. `version` is the number of events that the cart was folded from. */
export const orderViewOf = (cart: ExistingCart, version: number): OrderView | null => {
  const { order, owner, ownerKind, updatedAt } = cart;
  if (!order) return null;
  const { checkoutId, quote } = checkoutOf(cart);
  const { coupons, shipping, tax, totals, country } = quote;
  return {
    ...order,
    checkoutId,
    cartId: cartOfCheckout(checkoutId),
    version,
    owner,
    ownerKind,
    items: quote.lines.map((line) => itemOf(cart, line)),
    coupons: coupons.map(({ code, amount }) => ({ code, amount })),
    ...{ shipping, tax, totals, country, updatedAt },
  };
};

const itemOf = ({ cartId, lines }: ExistingCart, line: QuoteLine): OrderItem => {
  const product = lineOf(lines, line.productId)?.product;
  if (!product) throw new Error(`The order of cart ${cartId} holds ${line.productId}, which the cart does not`);
  return { ...line, ...product };
};
