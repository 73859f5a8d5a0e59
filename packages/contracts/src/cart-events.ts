// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { OwnerKind, Pieces, ProductSnapshot } from "./cart-shapes.ts";
import { CheckoutFailure, CheckoutLine, CouponUse, SealedContact, SealedShipTo, StockClaim } from "./checkout-shapes.ts";
import { Currency } from "./currency.ts";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { CartId, CheckoutId, OrderId, PaymentId, ProductId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { OrderCancelReason } from "./order-view.ts";
import { PaymentAction, PaymentToken } from "./payment-shapes.ts";
import { plainQuote } from "./plain-quote.ts";
import { CouponCode, CouponProblem, OrderTotals, Quote, QuoteHash } from "./pricing-shapes.ts";
import { plainQuoteV2, QuoteV2, quoteOfV2 } from "./quote-v2.ts";
import { Sealed } from "./sealed.ts";

const CartOpened = z.strictObject({ cartId: CartId, owner: SubjectId, ownerKind: OwnerKind, currency: Currency, openedAt: Instant });

/** Version 1 knew nothing of a product but its name. */
const ItemAddedToCartV1 = z.strictObject({
  cartId: CartId,
  productId: ProductId,
  productName: ProductSnapshot.shape.name,
  quantity: Pieces,
  unitPrice: Money,
  addedAt: Instant,
});

/** `quantity` pieces more, at the line's price from now on; `product` is what the shopper saw. */
const ItemAddedToCart = z.strictObject({
  cartId: CartId,
  productId: ProductId,
  product: ProductSnapshot,
  quantity: Pieces,
  unitPrice: Money,
  addedAt: Instant,
});

const ItemQuantitySet = z.strictObject({ cartId: CartId, productId: ProductId, from: Pieces, to: Pieces, setAt: Instant });

const ItemRemovedFromCart = z.strictObject({
  cartId: CartId,
  productId: ProductId,
  quantity: Pieces,
  unitPrice: Money,
  removedAt: Instant,
});

const CartCleared = z.strictObject({
  cartId: CartId,
  lineCount: z.int().positive(),
  itemCount: z.int().positive(),
  total: Money,
  clearedAt: Instant,
});

/** The list price had changed since the line was added; the shopper is told. */
const CartItemRepriced = z.strictObject({ cartId: CartId, productId: ProductId, from: Money, to: Money, repricedAt: Instant });

/** The lines of the last removal are back as they were. */
const RemovalUndone = z.strictObject({
  cartId: CartId,
  items: z.array(z.strictObject({ productId: ProductId, quantity: Pieces, unitPrice: Money })).readonly(),
  undoneAt: Instant,
});

/**
 * On the user's cart, followed by one `ItemAddedToCart` for each line that comes over. `repriced` are the products that lay in both
 * carts at different prices: the guest had seen `from`, the user's line keeps `to`.
 */
const GuestCartMerged = z.strictObject({
  cartId: CartId,
  fromCartId: CartId,
  lineCount: z.int().nonnegative(),
  itemCount: z.int().nonnegative(),
  repriced: z.array(z.strictObject({ productId: ProductId, from: Money, to: Money })).readonly(),
  mergedAt: Instant,
});

/** On the guest's cart: it is closed and its lines lie in the other one. */
const CartMergedIntoAnother = z.strictObject({ cartId: CartId, intoCartId: CartId, mergedAt: Instant });

const CartCancelled = z.strictObject({ cartId: CartId, cancelledAt: Instant });

const CartExpired = z.strictObject({ cartId: CartId, idleSince: Instant, expiredAt: Instant });

/** What it takes off is said by each quote. */
const CouponApplied = z.strictObject({ cartId: CartId, code: CouponCode, appliedAt: Instant });

/** `problem` is why it holds no longer; null where the shopper took it off. */
const CouponRemoved = z.strictObject({ cartId: CartId, code: CouponCode, problem: CouponProblem.nullable(), removedAt: Instant });

const ContactSet = z.strictObject({ cartId: CartId, contact: SealedContact, setAt: Instant });

/** Version 1 knew neither coupons nor stock, shipping, taxes or contacts: the lines were all that was paid for. */
const CheckoutStartedV1 = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  /** 1 for the cart's first. */
  attempt: z.int().positive(),
  owner: SubjectId,
  ownerKind: OwnerKind,
  lines: z.array(CheckoutLine).readonly(),
  amount: Money,
  paymentToken: PaymentToken,
  deadline: Instant,
  startedAt: Instant,
});

/** Version 2 counted each coupon as used by the cart's owner, also one that took nothing off. */
const CheckoutStartedV2 = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  attempt: z.int().positive(),
  owner: SubjectId,
  ownerKind: OwnerKind,
  amount: Money,
  quote: QuoteV2,
  quoteHash: QuoteHash.nullable(),
  stock: z.array(StockClaim).readonly(),
  contact: SealedContact.nullable(),
  shipTo: SealedShipTo.nullable(),
  clientAddress: Sealed.nullable(),
  deviceId: Sealed.nullable(),
  paymentToken: PaymentToken.nullable(),
  deadline: Instant,
  startedAt: Instant,
});

/** The shopper pays what the quote says: until the deadline nothing in the cart changes, and the stock and the coupons are held for it. */
const CheckoutStarted = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  /** 1 for the cart's first. */
  attempt: z.int().positive(),
  owner: SubjectId,
  ownerKind: OwnerKind,
  /** The total of the quote. */
  amount: Money,
  quote: Quote,
  /** What the shopper agreed to; it may be worth more than the quote, where a price has fallen since. */
  quoteHash: QuoteHash.nullable(),
  stock: z.array(StockClaim).readonly(),
  /** Of the coupons that took something off. */
  couponUses: z.array(CouponUse).readonly(),
  contact: SealedContact.nullable(),
  shipTo: SealedShipTo.nullable(),
  /** Where the request came from. */
  clientAddress: Sealed.nullable(),
  deviceId: Sealed.nullable(),
  /** Null where there is nothing to pay. */
  paymentToken: PaymentToken.nullable(),
  deadline: Instant,
  startedAt: Instant,
});

/** Nothing speaks against the checkout: it may be paid now. */
const CheckoutApproved = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  paymentId: PaymentId,
  amount: Money,
  paymentToken: PaymentToken,
  approvedAt: Instant,
});

/** The provider wants the shopper to do something, such as 3-D Secure, before it decides; again where they had said that they did. */
const CheckoutActionRequired = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  paymentId: PaymentId,
  action: PaymentAction,
  requiredAt: Instant,
});

/** The shopper says that they did: the provider is to be asked, and may want it still. */
const CheckoutActionConfirmed = z.strictObject({ cartId: CartId, checkoutId: CheckoutId, paymentId: PaymentId, confirmedAt: Instant });

/** The cart is open again, and what the checkout had asked for is to be undone. */
const CheckoutFailed = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  paymentId: PaymentId,
  reason: CheckoutFailure,
  failedAt: Instant,
});

const order = { cartId: CartId, checkoutId: CheckoutId, orderId: OrderId, paymentId: PaymentId };

/** Version 1 knew of no totals but one, and of nobody to tell. */
const OrderPlacedV1 = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  orderId: OrderId,
  paymentId: PaymentId,
  owner: SubjectId,
  ownerKind: OwnerKind,
  lines: z.array(CheckoutLine).readonly(),
  total: Money,
  placedAt: Instant,
});

/** The payment is authorized, or there is nothing to pay, and the cart is an order: nothing is put into it or taken from it any more. */
const OrderPlaced = z.strictObject({
  ...order,
  owner: SubjectId,
  ownerKind: OwnerKind,
  lines: z.array(CheckoutLine).readonly(),
  totals: OrderTotals,
  contact: SealedContact.nullable(),
  shipTo: SealedShipTo.nullable(),
  placedAt: Instant,
});

/** Version 1 did not say whose order it is, and whom to tell. */
const OrderPaidV1 = z.strictObject({ ...order, paidTotal: Money, paidAt: Instant });

/**
 * The provider has taken the money; `paidTotal` is all that it has taken for the order. `owner` and `contact` say whom to tell: nobody where
 * the order had been cancelled before, and where version 1 did not say.
 */
const OrderPaid = z.strictObject({ ...OrderPaidV1.shape, owner: SubjectId.nullable(), contact: SealedContact.nullable() });

/** Money went back; `refundedTotal` is all that did. */
const OrderRefunded = z.strictObject({ ...order, paidTotal: Money, refundedTotal: Money, refundedAt: Instant });

/** Money that had gone back came back to the shop, as to a card that is closed; `refundedTotal` is all that is still gone. */
const OrderRefundReturned = z.strictObject({ ...order, paidTotal: Money, refundedTotal: Money, returnedAt: Instant });

/** The provider held the money and did not hand it over. It is asked again, until the order is cancelled. */
const OrderPaymentFailed = z.strictObject({
  ...order,
  /** The provider's word for it. */
  code: z.string().min(1).max(100),
  attempt: z.int().positive(),
  failedAt: Instant,
});

/** What was paid is given back. `restock` says whether the pieces are for sale again. */
const OrderCancelled = z.strictObject({
  ...order,
  owner: SubjectId,
  ownerKind: OwnerKind,
  reason: OrderCancelReason,
  restock: z.boolean(),
  cancelledAt: Instant,
});

const types = {
  CartOpened: firstVersion(CartOpened),
  ItemAddedToCart: firstVersion(ItemAddedToCartV1).nextVersion(ItemAddedToCart, ({ productName, ...rest }) => ({
    ...rest,
    product: { name: productName, category: null, image: null },
  })),
  ItemQuantitySet: firstVersion(ItemQuantitySet),
  ItemRemovedFromCart: firstVersion(ItemRemovedFromCart),
  CartCleared: firstVersion(CartCleared),
  CartItemRepriced: firstVersion(CartItemRepriced),
  RemovalUndone: firstVersion(RemovalUndone),
  GuestCartMerged: firstVersion(GuestCartMerged),
  CartMergedIntoAnother: firstVersion(CartMergedIntoAnother),
  CartCancelled: firstVersion(CartCancelled),
  CartExpired: firstVersion(CartExpired),
  CouponApplied: firstVersion(CouponApplied),
  CouponRemoved: firstVersion(CouponRemoved),
  ContactSet: firstVersion(ContactSet),
  CheckoutStarted: firstVersion(CheckoutStartedV1)
    .nextVersion(CheckoutStartedV2, ({ lines, ...rest }) => ({
      ...rest,
      quote: plainQuoteV2(lines, rest.amount),
      quoteHash: null,
      stock: [],
      contact: null,
      shipTo: null,
      clientAddress: null,
      deviceId: null,
    }))
    .nextVersion(CheckoutStarted, ({ quote, ...rest }) => ({
      ...rest,
      quote: quoteOfV2(quote),
      couponUses: quote.coupons.map(({ code, maxUses, maxUsesPerCustomer }) => ({
        code,
        maxUses,
        maxUsesPerCustomer,
        customers: [rest.owner],
      })),
    })),
  CheckoutApproved: firstVersion(CheckoutApproved),
  CheckoutActionRequired: firstVersion(CheckoutActionRequired),
  CheckoutActionConfirmed: firstVersion(CheckoutActionConfirmed),
  CheckoutFailed: firstVersion(CheckoutFailed),
  OrderPlaced: firstVersion(OrderPlacedV1).nextVersion(OrderPlaced, ({ total, ...rest }) => ({
    ...rest,
    totals: plainQuote(rest.lines, total).totals,
    contact: null,
    shipTo: null,
  })),
  OrderPaid: firstVersion(OrderPaidV1).nextVersion(OrderPaid, (older) => ({ ...older, owner: null, contact: null })),
  OrderRefunded: firstVersion(OrderRefunded),
  OrderRefundReturned: firstVersion(OrderRefundReturned),
  OrderPaymentFailed: firstVersion(OrderPaymentFailed),
  OrderCancelled: firstVersion(OrderCancelled),
};

/** What happens to a cart, on the stream `cart-<cartId>`: `{ type, data }` in the newest version of each type. */
export type CartEvent = EventOf<typeof types>;

export const cartEvents = eventSchema(types);

export const cartStreamId = (cartId: CartId): string => `cart-${cartId}`;
