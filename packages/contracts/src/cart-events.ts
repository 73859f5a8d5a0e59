// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { OwnerKind, Pieces, ProductSnapshot } from "./cart-shapes.ts";
import { CheckoutFailure, CheckoutLine } from "./checkout-shapes.ts";
import { Currency } from "./currency.ts";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { CartId, CheckoutId, OrderId, PaymentId, ProductId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { PaymentToken } from "./payment-shapes.ts";

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

/** The shopper pays: until the deadline nothing in the cart changes. What the lines say is what is paid for. */
const CheckoutStarted = z.strictObject({
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

/** Nothing speaks against the checkout: it may be paid now. */
const CheckoutApproved = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  paymentId: PaymentId,
  amount: Money,
  paymentToken: PaymentToken,
  approvedAt: Instant,
});

/** The cart is open again, and what the checkout had asked for is to be undone. */
const CheckoutFailed = z.strictObject({
  cartId: CartId,
  checkoutId: CheckoutId,
  paymentId: PaymentId,
  reason: CheckoutFailure,
  failedAt: Instant,
});

/** The payment is authorized and the cart is an order: it never changes again. */
const OrderPlaced = z.strictObject({
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
  CheckoutStarted: firstVersion(CheckoutStarted),
  CheckoutApproved: firstVersion(CheckoutApproved),
  CheckoutFailed: firstVersion(CheckoutFailed),
  OrderPlaced: firstVersion(OrderPlaced),
};

/** What happens to a cart, on the stream `cart-<cartId>`: `{ type, data }` in the newest version of each type. */
export type CartEvent = EventOf<typeof types>;

export const cartEvents = eventSchema(types);

export const cartStreamId = (cartId: CartId): string => `cart-${cartId}`;
