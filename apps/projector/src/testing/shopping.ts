import { addItem } from "@cartwright/cart-domain/add-item";
import { approveCheckout } from "@cartwright/cart-domain/approve-checkout";
import { cancelCart } from "@cartwright/cart-domain/cancel-cart";
import { cancelOrder } from "@cartwright/cart-domain/cancel-order";
import { absentCart, type Cart, checkoutOf, evolve } from "@cartwright/cart-domain/cart";
import { clearCart } from "@cartwright/cart-domain/clear-cart";
import { expireCart } from "@cartwright/cart-domain/expire-cart";
import { failCheckout } from "@cartwright/cart-domain/fail-checkout";
import { allLines } from "@cartwright/cart-domain/lines";
import { placeOrder } from "@cartwright/cart-domain/place-order";
import { recordPaid, recordPaymentFailed, recordRefunded } from "@cartwright/cart-domain/record-order-payment";
import { removeItem } from "@cartwright/cart-domain/remove-item";
import { setQuantity } from "@cartwright/cart-domain/set-quantity";
import { startCheckout } from "@cartwright/cart-domain/start-checkout";
import { undoRemoval } from "@cartwright/cart-domain/undo-removal";
import { viewOf } from "@cartwright/cart-domain/view-of";
import { type CartEvent, cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartView } from "@cartwright/contracts/cart-view";
import { orderIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { plainQuote } from "@cartwright/contracts/plain-quote";
import type { NewEvent, RecordedEvent } from "@cartwright/event-log/event-log";

/** what a shopper does next, as numbers from 0 on of any size. */
export type ShoppingStep = readonly [what: number, product: number, quantity: number];

export const aCartId = (): CartId => CartId.parse(crypto.randomUUID());
export const shopper = SubjectId.parse("user-123");

/** What the domain makes of a step; a refusal is no event. */
export const eventsOfStep = (cart: Cart, cartId: CartId, [what, product, quantity]: ShoppingStep): readonly CartEvent[] => {
  const productId = ProductId.parse(`prod-${product % 6}`);
  const now = instantOf(new Date(Date.UTC(2026, 0, 31, 9, 0, 0, what % 1_000)));
  const unitPrice = { amountMinor: 1_000 + (quantity % 2), currency: "EUR" as const };
  const item = { productId, quantity: 1 + (quantity % 5), unitPrice, product: { name: `Nº ${productId}`, category: null, image: null } };
  const decisions = [
    () => addItem({ cartId, owner: shopper, ownerKind: "user", now, ...item }, cart),
    () => removeItem({ cartId, productId, now }, cart),
    () => undoRemoval({ cartId, now }, cart),
    () => setQuantity({ cartId, productId, quantity: quantity % 4, now }, cart),
    () => addItem({ cartId, owner: shopper, ownerKind: "user", now, ...item }, cart),
    () => clearCart({ cartId, now }, cart),
    () =>
      quantity % 20 === 0 ? cancelCart({ cartId, now }, cart) : addItem({ cartId, owner: shopper, ownerKind: "user", now, ...item }, cart),
    () => expireCart({ cartId, idleLimitMs: quantity % 20 === 0 ? 0 : Number.POSITIVE_INFINITY, now }, cart),
  ];
  const decision = checkoutStep(cart, { cartId, quantity, now }) ?? decisions[what % decisions.length]?.();
  return decision?.accepted ? decision.events : [];
};

type CheckoutStep = { cartId: CartId; quantity: number; now: Instant };

/** Now and then an open cart is checked out; then it goes on to whatever end. Null for a cart that goes on shopping. */
const checkoutStep = (cart: Cart, { cartId, quantity, now }: CheckoutStep) => {
  if (cart.status === "Open" && cart.lines.count > 0 && quantity % 23 === 22) {
    const lines = allLines(cart.lines).map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice }));
    const totalMinor = lines.reduce((sum, line) => sum + line.unitPrice.amountMinor * line.quantity, 0);
    const quote = plainQuote(lines, { amountMinor: totalMinor, currency: cart.currency });
    const nothingSaid = { contact: null, shipTo: null, clientAddress: null, deviceId: null };
    const paymentToken = PaymentToken.parse("pm_card_visa");
    return startCheckout(
      { cartId, quote, quoteHash: null, stock: [], couponUses: [], ...nothingSaid, paymentToken, deadline: now, now },
      cart,
    );
  }
  if (cart.status !== "CheckingOut" && cart.status !== "Ordered") return null;
  const { checkoutId, status, amount } = checkoutOf(cart);
  if (status === "Started") return approveCheckout({ checkoutId, now }, cart);
  if (status !== "Ordered")
    return quantity % 5 === 0 ? failCheckout({ checkoutId, reason: "PaymentDeclined", now }, cart) : placeOrder({ checkoutId, now }, cart);
  const refundedTotal = { ...amount, amountMinor: 1 + (quantity % amount.amountMinor) };
  const ends = [
    () => recordPaid({ checkoutId, paidTotal: amount, now }, cart),
    () => recordRefunded({ checkoutId, paidTotal: amount, refundedTotal, now }, cart),
    () => recordPaymentFailed({ checkoutId, code: "declined", attempt: 1, isFinal: quantity % 3 === 0, now }, cart),
    () => cancelOrder({ orderId: orderIdOf(checkoutId), by: "shop", restock: true, now }, cart),
  ];
  return ends[quantity % ends.length]?.() ?? null;
};

/** The events of a cart that sees these steps, each decided on those before. */
export const eventsOfSteps = (cartId: CartId, steps: readonly ShoppingStep[]): readonly CartEvent[] => {
  const events: CartEvent[] = [];
  let cart = absentCart;
  for (const step of steps) {
    const next = eventsOfStep(cart, cartId, step);
    events.push(...next);
    cart = next.reduce(evolve, cart);
  }
  return events;
};

export const asNew = (event: CartEvent): NewEvent => ({ eventId: crypto.randomUUID(), ...cartEvents.encode(event), metadata: {} });

/** As a log would hold the events of a whole stream. */
export const asRecorded = (cartId: CartId, events: readonly CartEvent[]): readonly RecordedEvent[] =>
  events.map((event, index) => ({
    ...asNew(event),
    streamId: cartStreamId(cartId),
    version: index + 1,
    shard: 0,
    position: BigInt(index + 1),
    recordedAt: new Date(0),
  }));

/** What the domain shows of these events, null of none. */
export const shownAfter = (events: readonly CartEvent[]): CartView | null => {
  const cart = events.reduce(evolve, absentCart);
  return cart.status === "Absent" ? null : viewOf(cart, events.length);
};
