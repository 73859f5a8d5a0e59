import type { CartEvent } from "@cartwright/contracts/cart-events";
import { CheckoutId, type OrderId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { OrderCancelReason } from "@cartwright/contracts/order-view";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import type { Cart } from "./cart.ts";
import { type OrderedCart, orderedCart, orderIds } from "./ordered-cart.ts";

export type CancelOrder = {
  orderId: OrderId;
  /** Shoppers cancel what is not paid yet; the shop cancels any order and pays back what was paid. */
  by: "shopper" | "shop";
  /** Whether what is paid already is for sale again. What is not paid yet always is. */
  restock: boolean;
  now: Instant;
};
export type CancelOrderRefusal = RefusalOf<"OrderNotFound" | "OrderNotCancellable">;

/** Cancelling a cancelled order changes nothing. */
export const cancelOrder = ({ orderId, by, restock, now }: CancelOrder, cart: Cart): Decision<CartEvent, CancelOrderRefusal> => {
  const ordered = orderedCart(cart, CheckoutId.parse(orderId));
  if (!ordered) return refuse({ code: "OrderNotFound", orderId });
  const { status } = ordered.order;
  if (status === "cancelled") return accept();
  if (by === "shopper" && status !== "placed") return refuse({ code: "OrderNotCancellable", orderId, status });
  return accept(orderCancelled(ordered, { reason: by, restock: restock || status === "placed", now }));
};

type Cancelling = { reason: OrderCancelReason; restock: boolean; now: Instant };

export const orderCancelled = (ordered: OrderedCart, { reason, restock, now }: Cancelling): CartEvent => {
  const { owner, ownerKind } = ordered;
  return { type: "OrderCancelled", data: { ...orderIds(ordered), owner, ownerKind, reason, restock, cancelledAt: now } };
};
