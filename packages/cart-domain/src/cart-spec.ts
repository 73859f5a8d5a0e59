import type { CartEvent } from "@cartwright/contracts/cart-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutFailure } from "@cartwright/contracts/checkout-shapes";
import { CartId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { plainQuote } from "@cartwright/contracts/plain-quote";
import { specFor } from "@cartwright/decider/spec";
import { absentCart, type ExistingCart, evolve } from "./cart.ts";

/** A cart's past in the language of the tests: `given(opened(), added("shoes", 2))`. A development export. */
export const { given } = specFor(absentCart, evolve);

export const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
export const guestCartId = CartId.parse("00000000-0000-4000-8000-000000000002");
export const owner = SubjectId.parse("user-123");
export const guest = SubjectId.parse("guest-00000000-0000-4000-8000-000000000003");

/** When the given events happened, and when the command comes. */
export const earlier = Instant.parse("2026-01-31T09:30:00.000Z");
export const now = Instant.parse("2026-01-31T09:45:00.000Z");

export const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });
export const productId = (name: string): ProductId => ProductId.parse(name);
export const snapshot = (name: string) => ({ name: `The ${name}`, category: null, image: null });

export const opened = (id: CartId = cartId): CartEvent => ({
  type: "CartOpened",
  data: { cartId: id, owner, ownerKind: "user", currency: "EUR", openedAt: earlier },
});

export const openedByGuest = (): CartEvent => ({
  type: "CartOpened",
  data: { cartId: guestCartId, owner: guest, ownerKind: "guest", currency: "EUR", openedAt: earlier },
});

export const added = (product: string, quantity = 1, unitPrice: Money = eur(1_000)): CartEvent =>
  itemAdded(product, earlier, { quantity, unitPrice });
export const addedNow = (product: string, quantity = 1, unitPrice: Money = eur(1_000)): CartEvent =>
  itemAdded(product, now, { quantity, unitPrice });

const itemAdded = (product: string, addedAt: Instant, facts: { quantity: number; unitPrice: Money }): CartEvent => ({
  type: "ItemAddedToCart",
  data: { cartId, productId: productId(product), product: snapshot(product), ...facts, addedAt },
});

export const removed = (product: string, quantity = 1, time: Instant = earlier): CartEvent => ({
  type: "ItemRemovedFromCart",
  data: { cartId, productId: productId(product), quantity, unitPrice: eur(1_000), removedAt: time },
});

export const cleared = (lineCount: number, itemCount: number, totalMinor: number): CartEvent => ({
  type: "CartCleared",
  data: { cartId, lineCount, itemCount, total: eur(totalMinor), clearedAt: earlier },
});

export const deadline = Instant.parse("2026-01-31T10:00:00.000Z");
export const visa = PaymentToken.parse("pm_card_visa");
export const checkoutId = checkoutIdOf(cartId, 1);
const paymentId = paymentIdOf(checkoutId);

const twoShoes = [{ productId: productId("shoes"), quantity: 2, unitPrice: eur(1_000) }];

/** What two shoes cost where there are no coupons, no shipping and no taxes. */
export const quoteOfShoes = plainQuote(twoShoes, eur(2_000));

/** The cart's first checkout, of two shoes. */
export const checkoutStarted = (attempt = 1, startedAt: Instant = earlier): CartEvent => ({
  type: "CheckoutStarted",
  data: {
    ...{ cartId, checkoutId: checkoutIdOf(cartId, attempt), attempt, owner, ownerKind: "user" },
    ...{ amount: eur(2_000), quote: quoteOfShoes, quoteHash: null, stock: [], couponUses: [], paymentToken: visa, deadline, startedAt },
    ...nobodySaid,
  },
});

/** What a checkout may be told of the shopper. */
export const nobodySaid = { contact: null, shipTo: null, clientAddress: null, deviceId: null };

export const checkoutApproved = (approvedAt: Instant = earlier): CartEvent => ({
  type: "CheckoutApproved",
  data: { cartId, checkoutId, paymentId, amount: eur(2_000), paymentToken: visa, approvedAt },
});

export const checkoutFailed = (reason: CheckoutFailure, failedAt: Instant = earlier): CartEvent => ({
  type: "CheckoutFailed",
  data: { cartId, checkoutId, paymentId, reason, failedAt },
});

export const orderPlaced = (placedAt: Instant = earlier): CartEvent => ({
  type: "OrderPlaced",
  data: {
    ...{ cartId, checkoutId, orderId: orderIdOf(checkoutId), paymentId, owner, ownerKind: "user" },
    ...{ lines: twoShoes, totals: quoteOfShoes.totals, contact: null, shipTo: null, placedAt },
  },
});

/** One past for each way in which a cart is closed at a stroke. */
export const closings: readonly [Exclude<ExistingCart["status"], "Open" | "CheckingOut" | "Ordered">, CartEvent][] = [
  ["Cancelled", { type: "CartCancelled", data: { cartId, cancelledAt: earlier } }],
  ["Expired", { type: "CartExpired", data: { cartId, idleSince: earlier, expiredAt: earlier } }],
  ["Merged", { type: "CartMergedIntoAnother", data: { cartId, intoCartId: guestCartId, mergedAt: earlier } }],
];

/** As many different products as a cart may hold. */
export const manyProducts = (count: number): readonly CartEvent[] => Array.from({ length: count }, (_, index) => added(`product-${index}`));
