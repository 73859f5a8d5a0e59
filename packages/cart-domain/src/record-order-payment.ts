import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { accept, type Decision } from "@cartwright/decider/decision";
import { orderCancelled } from "./cancel-order.ts";
import type { Cart } from "./cart.ts";
import { orderedCart, orderIds } from "./ordered-cart.ts";

type Of = { checkoutId: CheckoutId; now: Instant };

/**
 * The provider has taken money; `paidTotal` is all of it, so that what is said again or late changes nothing. Of an order that was cancelled
 * while it was taken nobody is told: it is given back.
 */
export const recordPaid = ({ checkoutId, paidTotal, now }: Of & { paidTotal: Money }, cart: Cart): Decision<CartEvent, never> => {
  const ordered = orderedCart(cart, checkoutId);
  if (!ordered || paidTotal.amountMinor <= ordered.order.paid.amountMinor) return accept();
  const { order, owner, checkout } = ordered;
  const told = order.status === "cancelled" ? { owner: null, contact: null } : { owner, contact: checkout.contact };
  return accept({ type: "OrderPaid", data: { ...orderIds(ordered), ...told, paidTotal, paidAt: now } });
};

export type RecordRefunded = Of & { paidTotal: Money; refundedTotal: Money };

/** Money went back; the totals are of all that did. */
export const recordRefunded = (command: RecordRefunded, cart: Cart): Decision<CartEvent, never> => {
  const { checkoutId, paidTotal, refundedTotal, now } = command;
  const ordered = orderedCart(cart, checkoutId);
  if (!ordered || refundedTotal.amountMinor <= ordered.order.refunded.amountMinor) return accept();
  return accept({ type: "OrderRefunded", data: { ...orderIds(ordered), paidTotal, refundedTotal, refundedAt: now } });
};

/** A refund came back; `refundedTotal` is what is still gone. Said again or late it changes nothing. */
export const recordRefundReturned = (
  { checkoutId, refundedTotal, now }: Of & { refundedTotal: Money },
  cart: Cart,
): Decision<CartEvent, never> => {
  const ordered = orderedCart(cart, checkoutId);
  if (!ordered || refundedTotal.amountMinor >= ordered.order.refunded.amountMinor) return accept();
  const { paid: paidTotal } = ordered.order;
  return accept({ type: "OrderRefundReturned", data: { ...orderIds(ordered), paidTotal, refundedTotal, returnedAt: now } });
};

export type RecordPaymentFailed = Of & { code: string; attempt: number; isFinal: boolean };

/** The provider did not hand the money over. After the last attempt nothing will be paid: the order is cancelled, its pieces are for sale. */
export const recordPaymentFailed = (command: RecordPaymentFailed, cart: Cart): Decision<CartEvent, never> => {
  const { checkoutId, code, attempt, isFinal, now } = command;
  const ordered = orderedCart(cart, checkoutId);
  if (ordered?.order.status !== "placed") return accept();
  const failed: CartEvent = { type: "OrderPaymentFailed", data: { ...orderIds(ordered), code, attempt, failedAt: now } };
  return isFinal ? accept(failed, orderCancelled(ordered, { reason: "paymentFailed", restock: true, now })) : accept(failed);
};

/** What the provider held went back before it was taken, by whomever: the order will never be paid. */
export const recordPaymentLost = ({ checkoutId, now }: Of, cart: Cart): Decision<CartEvent, never> => {
  const ordered = orderedCart(cart, checkoutId);
  if (ordered?.order.status !== "placed") return accept();
  return accept(orderCancelled(ordered, { reason: "paymentFailed", restock: true, now }));
};
