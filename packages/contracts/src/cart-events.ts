// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { OwnerKind, Pieces, ProductSnapshot } from "./cart-shapes.ts";
import { Currency } from "./currency.ts";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { CartId, ProductId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";

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
};

/** What happens to a cart, on the stream `cart-<cartId>`: `{ type, data }` in the newest version of each type. */
export type CartEvent = EventOf<typeof types>;

export const cartEvents = eventSchema(types);

export const cartStreamId = (cartId: CartId): string => `cart-${cartId}`;
