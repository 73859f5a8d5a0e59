import * as z from "zod";
import { CartStatus, OwnerKind, Pieces, ProductSnapshot } from "./cart-shapes.ts";
import { CheckoutView } from "./checkout-shapes.ts";
import { Currency } from "./currency.ts";
import { CartId, ProductId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { OrderState } from "./order-view.ts";
import { CouponCode } from "./pricing-shapes.ts";

export const CartViewItem = z.strictObject({
  productId: ProductId,
  ...ProductSnapshot.shape,
  quantity: Pieces,
  unitPrice: Money,
  lineTotal: Money,
});
export type CartViewItem = z.infer<typeof CartViewItem>;

/** A cart as it is shown. Times are ISO strings here; a service's output may carry them as `Date`. */
export const CartView = z.strictObject({
  cartId: CartId,
  /** The number of events in the cart's stream. */
  version: z.int().positive(),
  status: CartStatus,
  owner: SubjectId,
  ownerKind: OwnerKind,
  currency: Currency,
  /** In the order in which they were first put in. */
  items: z.array(CartViewItem).readonly(),
  totals: z.strictObject({
    /** Pieces over all lines. */
    itemCount: z.int().nonnegative(),
    lineCount: z.int().nonnegative(),
    total: Money,
  }),
  /** Whether `undo` would bring lines back. */
  canUndo: z.boolean(),
  /** The cart that this one's lines went to. */
  mergedInto: CartId.nullable(),
  /** The last one that was begun, also once it has failed. */
  checkout: CheckoutView.nullable(),
  /** In the order in which they were applied. What they take off says a quote. */
  coupons: z.array(CouponCode).readonly().default([]),
  /** Whether somebody has said how the shopper is reached. Who was forgotten since says it anew: a checkout asks for it. */
  hasContact: z.boolean().default(false),
  /** What has become of the order, once the cart is one. */
  order: OrderState.nullable().default(null),
  openedAt: Instant,
  updatedAt: Instant,
});
export type CartView = z.infer<typeof CartView>;
