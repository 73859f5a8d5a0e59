import type { Refusal, RefusalCode } from "@cartwright/contracts/refusals";
import { edgeError } from "@cartwright/service-kit/edge-error";
import { type RefusalError, type RefusalRules, refusalErrors } from "@cartwright/service-kit/refusal";
import { type RequestRefusal, requestRefused } from "@cartwright/service-kit/request-refusal";
import type { Answer } from "./carts/answer.ts";

/** Every "no" of this service, beside those of a request that are the same everywhere. */
export type CartServiceRefusal = Exclude<Refusal, { code: RequestRefusal["code"] }>;

const rules: RefusalRules<CartServiceRefusal> = {
  CartNotFound: { trpc: "NOT_FOUND", title: "There is no such cart" },
  CartClosed: { trpc: "CONFLICT", title: "The cart is closed" },
  CheckoutInProgress: { trpc: "CONFLICT", title: "The cart is being paid" },
  CartEmpty: { trpc: "UNPROCESSABLE_CONTENT", title: "The cart is empty" },
  PaymentTokenMissing: { trpc: "UNPROCESSABLE_CONTENT", title: "Nothing was said to pay by" },
  QuoteChanged: { trpc: "CONFLICT", title: "What is to be paid is not what was agreed to" },
  CouponNotApplicable: { trpc: "UNPROCESSABLE_CONTENT", title: "The coupon does not hold for this cart" },
  TooManyCoupons: { trpc: "UNPROCESSABLE_CONTENT", title: "The cart takes no more coupons" },
  OutOfStock: { trpc: "CONFLICT", title: "There are not so many left" },
  ShippingMethodNotFound: { trpc: "NOT_FOUND", title: "There is no such way of shipping" },
  ShippingMethodNotOffered: { trpc: "UNPROCESSABLE_CONTENT", title: "This way of shipping is not offered there" },
  ShipToMissing: { trpc: "UNPROCESSABLE_CONTENT", title: "Nobody has said where this goes" },
  ShippingMethodMissing: { trpc: "UNPROCESSABLE_CONTENT", title: "Nobody has said how this is shipped" },
  ContactMissing: { trpc: "UNPROCESSABLE_CONTENT", title: "Nobody has said how the shopper is reached" },
  CouponNotFound: { trpc: "NOT_FOUND", title: "There is no such coupon" },
  TaxRateNotFound: { trpc: "NOT_FOUND", title: "There is no such tax rate" },
  StockTooLow: { trpc: "CONFLICT", title: "There are not so many that could be taken away" },
  StockTooHigh: { trpc: "UNPROCESSABLE_CONTENT", title: "There would be more than can be kept" },
  CheckoutNotFound: { trpc: "NOT_FOUND", title: "There is no such checkout" },
  CheckoutEnded: { trpc: "CONFLICT", title: "The checkout has ended" },
  NoActionRequired: { trpc: "CONFLICT", title: "The checkout does not wait for the shopper" },
  OrderNotFound: { trpc: "NOT_FOUND", title: "There is no such order" },
  OrderNotCancellable: { trpc: "CONFLICT", title: "The order can't be cancelled" },
  CartFull: { trpc: "UNPROCESSABLE_CONTENT", title: "The cart holds as many products as it can" },
  TooManyOfProduct: { trpc: "UNPROCESSABLE_CONTENT", title: "The cart can't hold so many of one product" },
  TotalTooLarge: { trpc: "UNPROCESSABLE_CONTENT", title: "The cart's total would be too large" },
  CurrencyMismatch: { trpc: "CONFLICT", title: "The cart is in another currency" },
  NotInCart: { trpc: "NOT_FOUND", title: "The product is not in the cart" },
  NothingToUndo: { trpc: "CONFLICT", title: "There is no removal to undo" },
  BackInCart: { trpc: "CONFLICT", title: "What was removed is in the cart again" },
  NotAGuestCart: { trpc: "UNPROCESSABLE_CONTENT", title: "Only a guest's cart can be merged into another" },
  SameCart: { trpc: "UNPROCESSABLE_CONTENT", title: "A cart can't be merged into itself" },
  VersionMismatch: { trpc: "CONFLICT", title: "The cart has changed" },
  VersionNotReached: { trpc: "NOT_FOUND", title: "The cart has not reached this version" },
  IdempotencyKeyReused: { trpc: "UNPROCESSABLE_CONTENT", title: "The idempotency key came with another input before" },
  PriceChanged: { trpc: "CONFLICT", title: "The price has changed" },
  ProductNotFound: { trpc: "NOT_FOUND", title: "There is no such product" },
  ProductRetired: { trpc: "CONFLICT", title: "The product is no longer sold" },
  CurrencyNotOffered: { trpc: "UNPROCESSABLE_CONTENT", title: "The product has no price in this currency" },
  OwnerMismatch: { trpc: "FORBIDDEN", title: "The access token speaks for somebody else" },
  InvalidCredentials: { trpc: "UNAUTHORIZED", title: "E-mail or password is wrong" },
  TooManyAttempts: { trpc: "TOO_MANY_REQUESTS", title: "Too many attempts to sign in" },
  TokenInvalid: { trpc: "UNAUTHORIZED", title: "The token in the input is not valid" },
  ReasonMissing: { trpc: "BAD_REQUEST", title: "Support gives a reason for what it does to another's cart" },
};

/** The error to throw of a refusal. */
export const refusalError = (refusal: Refusal): RefusalError => (isOwn(refusal) ? ownError(refusal) : requestRefused(refusal));

/** The HTTP status that a refusal is told with. */
export const statusOf = (code: RefusalCode): number =>
  // The facts make no difference to the status.
  edgeError(refusalError({ code } as Refusal)).status;

/** What an answer holds; its refusal is thrown, for the edge to tell. */
export const unwrap = <Value>(answer: Answer<Value>): Value => {
  if (!answer.ok) throw refusalError(answer.refusal);
  return answer.value;
};

const ownError = refusalErrors(rules);
const isOwn = (refusal: Refusal): refusal is CartServiceRefusal => refusal.code in rules;

/** What the edge refuses is part of the published union, too: a code that is missing there does not compile here. */
export type RefusalOfRequest = Published<RequestRefusal>;
type Published<Inner extends Refusal> = Inner;
