import * as z from "zod";
import { Pieces } from "./cart-shapes.ts";
import { CheckoutId, OrderId, ProductId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { PaymentAction, PaymentToken } from "./payment-shapes.ts";
import { Country, CouponCode, CouponData, Quote, QuoteHash, StockId } from "./pricing-shapes.ts";
import { Sealed } from "./sealed.ts";
import { lineOfText } from "./text.ts";

/** What is paid for. What the product looked like says the cart. */
export const CheckoutLine = z.strictObject({ productId: ProductId, quantity: Pieces, unitPrice: Money });
export type CheckoutLine = z.infer<typeof CheckoutLine>;

/** Why a checkout came to nothing. */
export const CheckoutFailure = z.enum([
  "Blocked",
  "PaymentMethodRefused",
  "PaymentDeclined",
  "PaymentFailed",
  "PaymentExpired",
  "Cancelled",
  "DeadlinePassed",
]);
export type CheckoutFailure = z.infer<typeof CheckoutFailure>;

/** BCP 47, such as `vi` or `en-GB`. */
export const Locale = z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, "must be a language, such as en-GB");

/** How the shopper is reached. What says who they are is sealed; the rest is plain. */
export const SealedContact = z.strictObject({
  email: Sealed,
  phone: Sealed.nullable(),
  locale: Locale,
  /** IANA, such as `Asia/Ho_Chi_Minh`. */
  timeZone: lineOfText(100).nullable(),
  consent: z.strictObject({ marketing: z.boolean() }),
});
export type SealedContact = z.infer<typeof SealedContact>;

/** Where it goes. The country is plain, since taxes and shipping are of it. */
export const SealedShipTo = z.strictObject({ country: Country, address: Sealed });
export type SealedShipTo = z.infer<typeof SealedShipTo>;

/** Pieces of a stock that a checkout claims, over all lines that share it. */
export const StockClaim = z.strictObject({ stockId: StockId, quantity: z.int().positive() });
export type StockClaim = z.infer<typeof StockClaim>;

/**
 * One use of a coupon that a checkout claims: of all that there are, and of those of the customer. A customer is counted under each name
 * that they go by: the cart's owner, and what stands for the e-mail by which they are reached.
 */
export const CouponUse = z.strictObject({
  code: CouponCode,
  maxUses: CouponData.shape.maxUses,
  maxUsesPerCustomer: CouponData.shape.maxUsesPerCustomer,
  customers: z
    .array(z.string().regex(/^[\x21-\x7e]{1,128}$/))
    .min(1)
    .readonly(),
});
export type CouponUse = z.infer<typeof CouponUse>;

/**
 * `Started` is being assessed, `Approved` is being paid, `ActionRequired` waits for the shopper, as 3-D Secure does; `Failed` and `Ordered`
 * are for ever.
 */
export const CheckoutStatus = z.enum(["Started", "Approved", "ActionRequired", "Failed", "Ordered"]);
export type CheckoutStatus = z.infer<typeof CheckoutStatus>;

/** A checkout as it is shown. */
export const CheckoutView = z.strictObject({
  checkoutId: CheckoutId,
  status: CheckoutStatus,
  amount: Money,
  /** What has not ended by then has failed. */
  deadline: Instant,
  /** What the shopper has to do, while that is waited for. */
  action: PaymentAction.nullable().default(null),
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
  paymentToken: PaymentToken.nullable(),
  quote: Quote,
  quoteHash: QuoteHash.nullable(),
  stock: z.array(StockClaim).readonly(),
  couponUses: z.array(CouponUse).readonly(),
  contact: SealedContact.nullable(),
  shipTo: SealedShipTo.nullable(),
});
export type CheckoutState = z.infer<typeof CheckoutState>;
