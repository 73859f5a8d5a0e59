import type { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import type { CouponProblem } from "@cartwright/contracts/pricing-shapes";
import type { Refusal, RefusalCode, RefusalOf } from "@cartwright/contracts/refusals";

/** The shopper's words for what a refusal speaks of. */
export type Words = {
  /** Undefined where the page does not know the product. */
  readonly nameOf: (productId: ProductId) => string | undefined;
  readonly money: (money: Money) => string;
  /** `1 item`, `1,200 items`. */
  readonly count: (count: number, noun: string) => string;
};

/** A "no" of the service as one would say it to a shopper. */
export const refusalSentence = (refusal: Refusal, words: Words): string =>
  // Each sentence takes the refusal of its own code, which the compiler does not follow through the union.
  (sentences[refusal.code] as (refusal: Refusal, words: Words) => string)(refusal, words);

type Sentences = { readonly [Code in RefusalCode]: (refusal: RefusalOf<Code>, words: Words) => string };

const sentences: Sentences = {
  CartNotFound: () => "This cart is not there any more.",
  CheckoutInProgress: () => closedSentences.CheckingOut,
  CartEmpty: () => "There is nothing in the cart yet.",
  PaymentTokenMissing: ({ total }, words) => `There are ${words.money(total)} to pay. Say by which card.`,
  QuoteChanged: ({ agreed, total, goodsChanged, deliveryChanged }, words) =>
    goodsChanged || deliveryChanged
      ? `Your ${goodsChanged ? "cart" : "delivery"} has changed meanwhile. It comes to ${words.money(total)} now.`
      : `A price has risen: it comes to ${words.money(total)} now, and no longer to ${words.money(agreed)}.`,
  CouponNotApplicable: ({ coupon, problem }) => `The coupon ${coupon} can't be used: ${couponSentences[problem]}`,
  TooManyCoupons: ({ max }) => `A cart takes no more than ${max} coupons.`,
  OutOfStock: ({ productIds, available }, words) =>
    available === 0
      ? `${upper(listed(productIds, words))} is sold out. Your cart is as it was.`
      : `There are only ${available} of ${listed(productIds, words)} left. Your cart is as it was.`,
  ShippingMethodNotFound: () => "There is no such way of shipping.",
  ShippingMethodNotOffered: ({ country }) => (country ? `This way of shipping does not go to ${country}.` : "Say where it is to go."),
  ShipToMissing: () => "Say where this goes.",
  ShippingMethodMissing: () => "Choose how this is shipped.",
  ContactMissing: () => "Say by which e-mail address you are reached.",
  CouponNotFound: () => "There is no such coupon.",
  TaxRateNotFound: () => "There is no such tax rate.",
  StockTooLow: ({ available }) => `There are only ${available} left to take away.`,
  StockTooHigh: ({ max }, words) => `No more than ${words.count(max, "piece")} can be kept.`,
  CheckoutNotFound: () => "There is no such checkout.",
  CheckoutEnded: () => "This checkout has ended already.",
  NoActionRequired: () => "There is nothing that you have to confirm.",
  OrderNotFound: () => "There is no such order.",
  OrderNotCancellable: () => "This order can't be cancelled any more.",
  CartClosed: ({ status }) => closedSentences[status],
  CartFull: ({ maxDistinctProducts }) => `The cart is full: it holds ${maxDistinctProducts} different products.`,
  TooManyOfProduct: ({ productId, max }, words) => `A cart holds no more than ${words.count(max, "piece")} of ${named(productId, words)}.`,
  TotalTooLarge: () => "The cart would be worth more than can be counted.",
  CurrencyMismatch: ({ cart, given }) => `Your cart is in ${cart}, this price is in ${given}. A cart has one currency.`,
  NotInCart: ({ productId }, words) => `${upper(named(productId, words))} is not in the cart any more.`,
  NothingToUndo: () => "There is nothing to bring back.",
  BackInCart: ({ productIds }, words) =>
    `${upper(listed(productIds, words))} ${productIds.length > 1 ? "are" : "is"} back in the cart already.`,
  NotAGuestCart: () => "Only the cart of a guest can be taken along.",
  SameCart: () => "That is the same cart.",
  VersionMismatch: () => "The cart has changed meanwhile. Look again, please.",
  VersionNotReached: () => "The cart is not that far yet. Try again, please.",
  IdempotencyKeyReused: () => "This was asked for before, in another form. Try again, please.",
  PriceChanged: ({ productId, seen, list }, words) =>
    `The price of ${named(productId, words)} has changed from ${words.money(seen)} to ${words.money(list)}. It was not added.`,
  ProductNotFound: ({ productId }, words) => `${upper(named(productId, words))} is not in the shop.`,
  ProductRetired: ({ productId }, words) => `${upper(named(productId, words))} is not sold any more.`,
  CurrencyNotOffered: ({ productId, currency, offered }, words) =>
    `${upper(named(productId, words))} is not sold in ${currency}, but in ${offered.join(", ")}.`,
  OwnerMismatch: () => "This cart is somebody else's.",
  InvalidCredentials: () => "The e-mail address or the password is not right.",
  TooManyAttempts: ({ retryAfterMs }) => `Too many attempts. Try again in ${seconds(retryAfterMs)}, please.`,
  TokenInvalid: () => "Your session has ended. Sign in again, please.",
  ReasonMissing: () => "Say why you look at a cart that is not your own.",
  InvalidInput: () => "Something in that is not as it should be.",
  CardNumberInInput: () => "That looks like a card's number. It belongs in the field for the card, and nowhere else.",
  Unauthenticated: () => "Your session has ended. Sign in again, please.",
  Forbidden: () => "You may not do that.",
  NotFound: () => "That is not there.",
  MethodNotAllowed: () => "That cannot be done in this way.",
  UnsupportedMediaType: () => "That cannot be read.",
  BodyTooLarge: () => "That is too much at once.",
  TooManySubscriptions: () => "This window follows too much at once. Close another one, please.",
  BatchTooLarge: () => "That is too much at once.",
};

/** Why a coupon does not hold. */
export const couponSentences: Readonly<Record<CouponProblem, string>> = {
  unknown: "there is no such coupon.",
  retired: "it is no longer given.",
  notYetValid: "it does not hold yet.",
  expired: "it has expired.",
  minimumNotReached: "the cart is not worth enough.",
  noSuchProducts: "none of its products is in the cart.",
  notInThisCurrency: "it is not for this currency.",
  usedUp: "it has been used up.",
  usedUpByCustomer: "you have used it already.",
};

/** Why a cart takes nothing any more. */
export const closedSentences: Readonly<Record<Exclude<CartStatus, "Open">, string>> = {
  CheckingOut: "This cart is being paid: nothing in it changes until that has ended.",
  Ordered: "What was in this cart is ordered.",
  Cancelled: "This cart was given up.",
  Expired: "This cart has expired: nothing had happened to it for a long time.",
  Merged: "What was in this cart lies in the cart of your account now.",
};

const named = (productId: ProductId, { nameOf }: Words): string => nameOf(productId) ?? "this product";

const listed = (productIds: readonly ProductId[], words: Words): string =>
  new Intl.ListFormat("en").format(productIds.map((productId) => named(productId, words)));

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const seconds = (milliseconds: number): string => {
  const whole = Math.max(1, Math.ceil(milliseconds / 1_000));
  return whole < 90 ? `${whole} second${whole === 1 ? "" : "s"}` : `${Math.ceil(whole / 60)} minutes`;
};
