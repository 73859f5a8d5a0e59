import type { CartEvent } from "@cartwright/contracts/cart-events";
import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import type { CouponUse, SealedContact, SealedShipTo, StockClaim } from "@cartwright/contracts/checkout-shapes";
import type { CartId, CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { Quote, QuoteHash } from "@cartwright/contracts/pricing-shapes";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { sameMoney } from "@cartwright/contracts/same-money";
import type { Sealed } from "@cartwright/contracts/sealed";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type ActiveCart, type Cart, checkoutOf, evolve, type NotOpenRefusal, whyNotOpen } from "./cart.ts";
import { allLines, lineOf } from "./lines.ts";
import { orderPlaced } from "./place-order.ts";
import { runningCheckout } from "./running-checkout.ts";

export type StartCheckout = {
  cartId: CartId;
  /** Of the cart as it is: what the shopper pays. */
  quote: Quote;
  /** What they agreed to, which the quote keeps. */
  quoteHash: QuoteHash | null;
  /** Over all lines, one entry for each stock. */
  stock: readonly StockClaim[];
  /** Of the quote's coupons that took something off. */
  couponUses: readonly CouponUse[];
  /** How the shopper is reached, where the cart is to say something else than it does. */
  contact: SealedContact | null;
  shipTo: SealedShipTo | null;
  clientAddress: Sealed | null;
  deviceId: Sealed | null;
  /** Null where nothing is to be paid. */
  paymentToken: PaymentToken | null;
  /** When a checkout that this begins has failed, unless it has ended by then. */
  deadline: Instant;
  now: Instant;
};
export type StartCheckoutRefusal = NotOpenRefusal | RefusalOf<"CartEmpty" | "PaymentTokenMissing">;

/**
 * Freezes the cart for the payment. Where there is nothing to pay the cart is an order at once. Of a cart that is being paid already, or
 * is an order, see {@link checkoutAgain}.
 */
export const startCheckout = (command: StartCheckout, cart: Cart): Decision<CartEvent, StartCheckoutRefusal> => {
  const { cartId, quote, paymentToken, now } = command;
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  if (cart.lines.count === 0) return refuse({ code: "CartEmpty", cartId });
  const { total } = quote.totals;
  if (total.amountMinor > 0 && paymentToken === null) return refuse({ code: "PaymentTokenMissing", total });

  const changes = [...contacted(command), ...repriced(cart, command)];
  const started = checkoutStarted(cart, { ...command, paymentToken: total.amountMinor > 0 ? paymentToken : null });
  const events: readonly CartEvent[] = [...changes, started];
  if (total.amountMinor > 0) return accept(...events);
  const running = runningCheckout(events.reduce(evolve, cart), started.data.checkoutId);
  if (!running) throw new Error(`The checkout ${started.data.checkoutId} does not run although it was begun`);
  return accept(...events, orderPlaced(running, now));
};

/**
 * What is said of a cart that takes no more. `same` is the checkout that says what is asked for: the same amounts, to the same place, by the
 * same card, for the same person. However often that is asked for, it is one checkout, also once it is an order; anything else has to wait.
 */
export const checkoutAgain = (
  { cartId, same }: { readonly cartId: CartId; readonly same: CheckoutId | null },
  cart: Exclude<Cart, ActiveCart>,
): Decision<never, NotOpenRefusal> => {
  const isThere = cart.status === "CheckingOut" || cart.status === "Ordered";
  return isThere && checkoutOf(cart).checkoutId === same ? accept() : refuse(whyNotOpen(cart, cartId));
};

const contacted = ({ cartId, contact, now }: StartCheckout): readonly CartEvent[] =>
  contact ? [{ type: "ContactSet", data: { cartId, contact, setAt: now } }] : [];

const checkoutStarted = ({ owner, ownerKind, contact: kept, checkout }: ActiveCart, { now, ...command }: StartCheckout) => {
  const attempt = (checkout?.attempt ?? 0) + 1;
  const checkoutId = checkoutIdOf(command.cartId, attempt);
  const amount = command.quote.totals.total;
  const contact = command.contact ?? kept;
  return { type: "CheckoutStarted", data: { ...command, checkoutId, attempt, owner, ownerKind, amount, contact, startedAt: now } } as const;
};

/** The lines say what is paid: where the quote has another price, they take it over in the open. */
const repriced = (cart: ActiveCart, { cartId, quote, now }: StartCheckout): readonly CartEvent[] => {
  if (quote.lines.length !== allLines(cart.lines).length) throw new Error(`The quote is not of the cart ${cartId}`);
  return quote.lines.flatMap(({ productId, quantity, unitPrice }): readonly CartEvent[] => {
    const line = lineOf(cart.lines, productId);
    if (line?.quantity !== quantity) throw new Error(`The quote is not of the cart ${cartId}: ${productId}`);
    if (sameMoney(line.unitPrice, unitPrice)) return [];
    return [{ type: "CartItemRepriced", data: { cartId, productId, from: line.unitPrice, to: unitPrice, repricedAt: now } }];
  });
};
