import type { OrderState, OrderView } from "@cartwright/contracts/order-view";

/** An order as it is answered. */
export type ShownOrder = Omit<OrderView, "placedAt" | "updatedAt"> & { readonly placedAt: Date; readonly updatedAt: Date };

export const shownOrder = ({ placedAt, updatedAt, ...view }: OrderView): ShownOrder => ({
  ...view,
  placedAt: new Date(placedAt),
  updatedAt: new Date(updatedAt),
});

/** What has become of an order, as a cart tells it. */
export type ShownOrderState = Omit<OrderState, "placedAt"> & { readonly placedAt: Date };

export const shownOrderState = ({ placedAt, ...order }: OrderState): ShownOrderState => ({ ...order, placedAt: new Date(placedAt) });
