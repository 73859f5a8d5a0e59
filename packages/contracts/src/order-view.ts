import * as z from "zod";
import { OwnerKind, ProductSnapshot } from "./cart-shapes.ts";
import { CartId, CheckoutId, OrderId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { Country, OrderTotals, QuoteCoupon, QuoteLine, QuoteShipping, QuoteTax } from "./pricing-shapes.ts";

/**
 * `placed` waits for its money; `paid`, `partlyRefunded` and `refunded` say where the money is; `cancelled` is for ever, wherever the money
 * is. `paid` has what the shop takes for it: less than its total where the shop took a part by hand, which it can do once. The rest was
 * given up then and nothing more will come, and the shop is at work on it, so that the shopper can't cancel it any more; `paid` beside
 * `totals` says how much it is. What was refunded is held against what was paid. How parcels travel is none of these.
 */
export const OrderStatus = z.enum(["placed", "paid", "partlyRefunded", "refunded", "cancelled"]);
export type OrderStatus = z.infer<typeof OrderStatus>;

/** Who or what cancelled an order. */
export const OrderCancelReason = z.enum(["shopper", "shop", "paymentFailed"]);
export type OrderCancelReason = z.infer<typeof OrderCancelReason>;

export const OrderItem = z.strictObject({ ...QuoteLine.shape, ...ProductSnapshot.shape });
export type OrderItem = z.infer<typeof OrderItem>;

/** All that a cart knows of the order that it has become. */
export const OrderState = z.object({
  orderId: OrderId,
  status: OrderStatus,
  paid: Money,
  refunded: Money,
  /** The provider's word for why it did not hand the money over, while it is asked again. */
  paymentProblem: z.string().nullable(),
  cancelReason: OrderCancelReason.nullable(),
  placedAt: Instant,
});
export type OrderState = z.infer<typeof OrderState>;

/** An order as it is shown. */
export const OrderView = z.strictObject({
  ...OrderState.shape,
  checkoutId: CheckoutId,
  cartId: CartId,
  /** The number of events in the cart's stream. */
  version: z.int().positive(),
  owner: SubjectId,
  ownerKind: OwnerKind,
  items: z.array(OrderItem).readonly(),
  coupons: z.array(QuoteCoupon.pick({ code: true, amount: true })).readonly(),
  shipping: QuoteShipping.nullable(),
  tax: QuoteTax.nullable(),
  totals: OrderTotals,
  country: Country.nullable(),
  updatedAt: Instant,
});
export type OrderView = z.infer<typeof OrderView>;
