import * as z from "zod";
import { CartStatus } from "./cart-shapes.ts";
import { CheckoutStatus } from "./checkout-shapes.ts";
import { Currency } from "./currency.ts";
import { CartId, CheckoutId, IdempotencyKey, OrderId, ProductId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { OrderStatus } from "./order-view.ts";
import { Country, CouponCode, CouponProblem, QuoteHash, ShippingMethodId, StockId, TaxRateId } from "./pricing-shapes.ts";

const refusal = <const Code extends string, const Facts extends z.ZodRawShape>(code: Code, facts: Facts) =>
  z.strictObject({ code: z.literal(code), ...facts });

/** The rules of the cart itself. */
const cartRefusals = [
  /** Also the answer for a cart of somebody else. */
  refusal("CartNotFound", { cartId: CartId }),
  refusal("CartClosed", { cartId: CartId, status: CartStatus.exclude(["Open", "CheckingOut"]) }),
  /** While a cart is being paid nothing in it changes; at the deadline at the latest it is open again, or ordered. */
  refusal("CheckoutInProgress", { cartId: CartId, checkoutId: CheckoutId, deadline: Instant }),
  refusal("CartEmpty", { cartId: CartId }),
  /** There is something to pay, and nothing was said to pay it by. */
  refusal("PaymentTokenMissing", { total: Money }),
  /**
   * What the shopper agreed to is not what they would pay: a price has risen, or what is bought, or where or how it goes, has changed meanwhile. `agreed`
   * is the total that they knew; agreeing to `quoteHash` is consent to `total`.
   */
  refusal("QuoteChanged", { agreed: Money, total: Money, quoteHash: QuoteHash, goodsChanged: z.boolean(), deliveryChanged: z.boolean() }),
  refusal("CouponNotApplicable", { coupon: CouponCode, problem: CouponProblem }),
  refusal("TooManyCoupons", { max: z.int() }),
  /** Somebody else was faster. The cart is as it was. */
  refusal("OutOfStock", {
    stockId: StockId,
    productIds: z.array(ProductId).readonly(),
    wanted: z.int().positive(),
    available: z.int().nonnegative(),
  }),
  refusal("ShippingMethodNotFound", { shippingMethodId: ShippingMethodId }),
  /** It does not go there, or has no price in the cart's currency. */
  refusal("ShippingMethodNotOffered", { shippingMethodId: ShippingMethodId, country: Country.nullable(), currency: Currency }),
  /** Nobody has said how the shopper is reached, or nobody can read it any more. */
  refusal("ContactMissing", { cartId: CartId }),
  /** The shop taxes by country or ships what it sells, and nobody has said where this goes. */
  refusal("ShipToMissing", { cartId: CartId }),
  /** The shop ships what it sells, and nobody has said how. */
  refusal("ShippingMethodMissing", { cartId: CartId }),
  refusal("CartFull", { maxDistinctProducts: z.int() }),
  refusal("TooManyOfProduct", { productId: ProductId, asked: z.int(), max: z.int() }),
  /** The line or the cart would be worth more than 2^53 − 1 minor units. */
  refusal("TotalTooLarge", { currency: Currency }),
  refusal("CurrencyMismatch", { cart: Currency, given: Currency }),
  refusal("NotInCart", { productId: ProductId }),
  refusal("NothingToUndo", {}),
  /** Products of the last removal that have been added again since. */
  refusal("BackInCart", { productIds: z.array(ProductId).readonly() }),
  refusal("NotAGuestCart", { cartId: CartId }),
  refusal("SameCart", { cartId: CartId }),
] as const;

/** Of what the shop keeps. */
const shopRefusals = [
  refusal("CouponNotFound", { coupon: CouponCode }),
  refusal("TaxRateNotFound", { taxRateId: TaxRateId }),
  /** Checkouts hold what would be taken away, or it is not there. */
  refusal("StockTooLow", { stockId: StockId, delta: z.int(), available: z.int().nonnegative() }),
  /** With what would come there would be more than can be kept. */
  refusal("StockTooHigh", { stockId: StockId, delta: z.int(), available: z.int().nonnegative(), max: z.int() }),
] as const;

/** Of the commands: retries, what the shopper saw, who may do what. */
const commandRefusals = [
  /** Also the answer for a checkout of somebody else. */
  refusal("CheckoutNotFound", { checkoutId: CheckoutId }),
  /** It has come to an end already. */
  refusal("CheckoutEnded", { checkoutId: CheckoutId, status: CheckoutStatus }),
  /** Nothing is waited for that the shopper could confirm. */
  refusal("NoActionRequired", { checkoutId: CheckoutId, status: CheckoutStatus }),
  /** Also the answer for an order of somebody else. */
  refusal("OrderNotFound", { orderId: OrderId }),
  /** Shoppers cancel what is not paid yet; the shop cancels what is not cancelled. */
  refusal("OrderNotCancellable", { orderId: OrderId, status: OrderStatus }),
  /** `expected` is null where it was no version that there ever was, such as a weak tag of `If-Match`, which matches none. */
  refusal("VersionMismatch", { expected: z.int().nullable(), actual: z.int() }),
  /** `atLeastVersion` lies beyond the stream's end. */
  refusal("VersionNotReached", { atLeast: z.int(), actual: z.int() }),
  refusal("IdempotencyKeyReused", { key: IdempotencyKey }),
  /** The shopper saw another price than the list's. */
  refusal("PriceChanged", { productId: ProductId, seen: Money, list: Money }),
  refusal("ProductNotFound", { productId: ProductId }),
  refusal("ProductRetired", { productId: ProductId }),
  refusal("CurrencyNotOffered", { productId: ProductId, currency: Currency, offered: z.array(Currency).readonly() }),
  /** A shopper's token names another owner than its own subject. */
  refusal("OwnerMismatch", { userId: SubjectId }),
] as const;

const tokenRefusals = [
  refusal("InvalidCredentials", {}),
  refusal("TooManyAttempts", { retryAfterMs: z.int().nonnegative() }),
  /** A token in the input. The access token that a request comes with is `Unauthenticated`. */
  refusal("TokenInvalid", { token: z.enum(["refresh", "guest"]), reason: z.enum(["malformed", "expired", "revoked", "reused"]) }),
  /** Support says why it touches what is not its own. */
  refusal("ReasonMissing", {}),
] as const;

/** Of requests that never became a command; the same for every service. */
const requestRefusals = [
  /** The `issues` beside the refusal say where. */
  refusal("InvalidInput", {}),
  /** Something in it looks like a card's number, which never enters the system: a card is paid by through a token of the provider. */
  refusal("CardNumberInInput", {}),
  refusal("Unauthenticated", { reason: z.enum(["missing", "expired", "invalid", "revoked"]) }),
  refusal("Forbidden", { scope: z.string() }),
  refusal("NotFound", {}),
  refusal("MethodNotAllowed", {}),
  refusal("UnsupportedMediaType", {}),
  refusal("BodyTooLarge", { limitBytes: z.int() }),
  refusal("BatchTooLarge", { limit: z.int() }),
  /** On one connection. */
  refusal("TooManySubscriptions", { limit: z.int() }),
] as const;

/** Every "no" of the cart service, `{ code, …facts }`: one closed union for the domain, the wire and the clients. */
export const Refusal = z.discriminatedUnion("code", [
  ...cartRefusals,
  ...shopRefusals,
  ...commandRefusals,
  ...tokenRefusals,
  ...requestRefusals,
]);
export type Refusal = z.infer<typeof Refusal>;

export type RefusalCode = Refusal["code"];

/** The refusals with these codes. */
export type RefusalOf<Code extends RefusalCode> = Extract<Refusal, { code: Code }>;
