import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { OrderState, OrderStatus } from "@cartwright/contracts/order-view";

/** An order begins as `placed`; one that costs nothing is paid. */
export const placedOrder = ({ orderId, totals, placedAt }: Extract<CartEvent, { type: "OrderPlaced" }>["data"]): OrderState => {
  const none = { amountMinor: 0, currency: totals.total.currency };
  const status = totals.total.amountMinor === 0 ? "paid" : "placed";
  return { orderId, status, paid: none, refunded: none, paymentProblem: null, cancelReason: null, placedAt };
};

/** The order once this much had been paid and given back in all. A cancelled one stays cancelled, wherever its money is. */
export const withMoney = (order: OrderState, money: Pick<OrderState, "paid"> & Partial<Pick<OrderState, "refunded">>): OrderState => {
  const moved = { ...order, ...money, paymentProblem: null };
  return { ...moved, status: order.status === "cancelled" ? "cancelled" : statusOf(moved) };
};

/** Money is taken once: whatever was, nothing more will come. */
const statusOf = ({ paid, refunded }: OrderState): OrderStatus => {
  if (paid.amountMinor === 0) return "placed";
  if (refunded.amountMinor === 0) return "paid";
  return refunded.amountMinor < paid.amountMinor ? "partlyRefunded" : "refunded";
};
