import * as z from "zod";
import { Pieces } from "./cart-shapes.ts";
import { CheckoutId, OrderId, ProductId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { PaymentToken } from "./payment-shapes.ts";

/** What is paid for. What the product looked like says the cart. */
export const CheckoutLine = z.strictObject({ productId: ProductId, quantity: Pieces, unitPrice: Money });
export type CheckoutLine = z.infer<typeof CheckoutLine>;

/** Why a checkout came to nothing. */
export const CheckoutFailure = z.enum(["Blocked", "PaymentMethodRefused", "PaymentDeclined", "DeadlinePassed"]);
export type CheckoutFailure = z.infer<typeof CheckoutFailure>;

/** `Started` is being assessed and `Approved` is being paid; `Failed` and `Ordered` are for ever. */
export const CheckoutStatus = z.enum(["Started", "Approved", "Failed", "Ordered"]);
export type CheckoutStatus = z.infer<typeof CheckoutStatus>;

/** A checkout as it is shown. */
export const CheckoutView = z.strictObject({
  checkoutId: CheckoutId,
  status: CheckoutStatus,
  amount: Money,
  /** What has not ended by then has failed. */
  deadline: Instant,
  failure: CheckoutFailure.nullable(),
  orderId: OrderId.nullable(),
  startedAt: Instant,
});
export type CheckoutView = z.infer<typeof CheckoutView>;

/** All that a cart knows of its checkout. */
export const CheckoutState = z.object({
  ...CheckoutView.shape,
  /** 1 for the cart's first. */
  attempt: z.int().positive(),
  paymentToken: PaymentToken,
});
export type CheckoutState = z.infer<typeof CheckoutState>;
