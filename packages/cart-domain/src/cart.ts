import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartStatus, OwnerKind } from "@cartwright/contracts/cart-shapes";
import type { CheckoutState, SealedContact } from "@cartwright/contracts/checkout-shapes";
import type { Currency } from "@cartwright/contracts/currency";
import type { CartId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { OrderState } from "@cartwright/contracts/order-view";
import type { CouponCode } from "@cartwright/contracts/pricing-shapes";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { unreachable } from "@cartwright/decider/unreachable";
import { allLines, type CartLine, type Lines, lineOf, noLines, withLine, withoutLine } from "./lines.ts";
import { placedOrder, withMoney } from "./order.ts";

/** What a cart's events mean. Immutable: an event makes a new state, which shares what did not change. */
export type Cart = AbsentCart | ActiveCart | CheckingOutCart | ClosedCart;

/** No event yet. */
export type AbsentCart = { readonly status: "Absent" };

/** A cart that takes commands. */
export type ActiveCart = CartFacts & { readonly status: "Open" };

/** A cart that is being paid: nothing in it changes until that has ended. */
export type CheckingOutCart = CartFacts & { readonly status: "CheckingOut" };

/** A cart that never changes again. */
export type ClosedCart = CartFacts & { readonly status: Exclude<CartStatus, "Open" | "CheckingOut"> };

export type ExistingCart = ActiveCart | CheckingOutCart | ClosedCart;

type CartFacts = {
  readonly cartId: CartId;
  readonly owner: SubjectId;
  readonly ownerKind: OwnerKind;
  readonly currency: Currency;
  readonly lines: Lines;
  /** What an undo brings back, while none of it is in the cart. */
  readonly lastRemoval: readonly CartLine[];
  readonly mergedInto: CartId | null;
  /** The last one that was begun. */
  readonly checkout: CheckoutState | null;
  /** In the order in which they were applied. */
  readonly coupons: readonly CouponCode[];
  readonly contact: SealedContact | null;
  /** What has become of the order, once the cart is one. */
  readonly order: OrderState | null;
  readonly nextOrdinal: number;
  readonly openedAt: Instant;
  /** The latest time that an event named, so it never goes back. */
  readonly updatedAt: Instant;
};

export const absentCart: Cart = { status: "Absent" };

export const evolve = (cart: Cart, event: CartEvent): Cart => {
  if (event.type === "CartOpened") return opened(event.data);
  if (cart.status === "Absent") throw new Error(`${event.type} happened to a cart that was never opened`);
  return changed(cart, event);
};

export type NotOpenRefusal = RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress">;

/** Why a cart takes no commands. */
export const whyNotOpen = (cart: Exclude<Cart, ActiveCart>, cartId: CartId): NotOpenRefusal => {
  if (cart.status === "Absent") return { code: "CartNotFound", cartId };
  if (cart.status !== "CheckingOut") return { code: "CartClosed", cartId, status: cart.status };
  const { checkoutId, deadline } = checkoutOf(cart);
  return { code: "CheckoutInProgress", cartId, checkoutId, deadline };
};

/** @throws when the cart never had one: its events would contradict each other. */
export const checkoutOf = ({ cartId, checkout }: ExistingCart): CheckoutState => {
  if (!checkout) throw new Error(`Cart ${cartId} has no checkout`);
  return checkout;
};

/** @throws when the cart never became one: its events would contradict each other. */
export const orderOf = ({ cartId, order }: ExistingCart): OrderState => {
  if (!order) throw new Error(`Cart ${cartId} is no order`);
  return order;
};

type EventNamed<Type extends CartEvent["type"]> = Extract<CartEvent, { type: Type }>;
type Change = Exclude<CartEvent, EventNamed<"CartOpened">>;

const opened = ({ cartId, owner, ownerKind, currency, openedAt }: EventNamed<"CartOpened">["data"]): Cart => ({
  status: "Open",
  cartId,
  owner,
  ownerKind,
  currency,
  lines: noLines,
  lastRemoval: [],
  mergedInto: null,
  checkout: null,
  coupons: [],
  contact: null,
  order: null,
  nextOrdinal: 0,
  openedAt,
  updatedAt: openedAt,
});

const changed = (cart: ExistingCart, event: Change): ExistingCart => {
  switch (event.type) {
    case "ItemAddedToCart":
      return at(event.data.addedAt, added(cart, event.data));
    case "ItemQuantitySet":
      return at(event.data.setAt, withChangedLine(cart, event.data.productId, { quantity: event.data.to }));
    case "CartItemRepriced":
      return at(event.data.repricedAt, withChangedLine(cart, event.data.productId, { unitPrice: event.data.to }));
    case "ItemRemovedFromCart": {
      const removed = lineOf(cart.lines, event.data.productId);
      return at(event.data.removedAt, {
        ...cart,
        lines: withoutLine(cart.lines, event.data.productId),
        lastRemoval: removed ? [removed] : [],
      });
    }
    case "CartCleared":
      return at(event.data.clearedAt, { ...cart, lines: noLines, lastRemoval: allLines(cart.lines) });
    case "RemovalUndone":
      return at(event.data.undoneAt, { ...cart, lines: cart.lastRemoval.reduce(withLine, cart.lines), lastRemoval: [] });
    case "GuestCartMerged":
      return at(event.data.mergedAt, cart);
    case "CartMergedIntoAnother":
      return at(event.data.mergedAt, { ...cart, status: "Merged", mergedInto: event.data.intoCartId, lines: noLines, lastRemoval: [] });
    case "CartCancelled":
      return at(event.data.cancelledAt, { ...cart, status: "Cancelled" });
    case "CartExpired":
      return at(event.data.expiredAt, { ...cart, status: "Expired" });
    case "CouponApplied":
      return at(event.data.appliedAt, { ...cart, coupons: [...cart.coupons, event.data.code] });
    case "CouponRemoved":
      return at(event.data.removedAt, { ...cart, coupons: cart.coupons.filter((code) => code !== event.data.code) });
    case "ContactSet":
      return at(event.data.setAt, { ...cart, contact: event.data.contact });
    default:
      return checkoutChanged(cart, event);
  }
};

type CheckoutChange = Extract<Change, { type: `Checkout${string}` | `Order${string}` }>;

const checkoutChanged = (cart: ExistingCart, event: CheckoutChange): ExistingCart => {
  switch (event.type) {
    case "CheckoutStarted":
      return at(event.data.startedAt, { ...cart, status: "CheckingOut", checkout: begun(event.data), lastRemoval: [] });
    case "CheckoutApproved":
      return at(event.data.approvedAt, withCheckout(cart, { status: "Approved" }));
    case "CheckoutActionRequired":
      return at(event.data.requiredAt, withCheckout(cart, { status: "ActionRequired", action: event.data.action }));
    case "CheckoutActionConfirmed":
      return at(event.data.confirmedAt, withCheckout(cart, { status: "Approved" }));
    case "CheckoutFailed":
      return at(event.data.failedAt, { ...withCheckout(cart, { status: "Failed", failure: event.data.reason }), status: "Open" });
    case "OrderPlaced":
      return at(event.data.placedAt, {
        ...withCheckout(cart, { status: "Ordered", orderId: event.data.orderId }),
        status: "Ordered",
        order: placedOrder(event.data),
      });
    case "OrderPaid":
      return at(event.data.paidAt, { ...cart, order: withMoney(orderOf(cart), { paid: event.data.paidTotal }) });
    case "OrderRefunded":
      return at(event.data.refundedAt, {
        ...cart,
        order: withMoney(orderOf(cart), { paid: event.data.paidTotal, refunded: event.data.refundedTotal }),
      });
    case "OrderRefundReturned":
      return at(event.data.returnedAt, {
        ...cart,
        order: withMoney(orderOf(cart), { paid: event.data.paidTotal, refunded: event.data.refundedTotal }),
      });
    case "OrderPaymentFailed":
      return at(event.data.failedAt, { ...cart, order: { ...orderOf(cart), paymentProblem: event.data.code } });
    case "OrderCancelled":
      return at(event.data.cancelledAt, { ...cart, order: { ...orderOf(cart), status: "cancelled", cancelReason: event.data.reason } });
    default:
      return unreachable(event);
  }
};

const at = (time: Instant, cart: ExistingCart): ExistingCart => ({ ...cart, updatedAt: cart.updatedAt < time ? time : cart.updatedAt });

const added = (cart: ExistingCart, { productId, product, quantity, unitPrice }: EventNamed<"ItemAddedToCart">["data"]): ExistingCart => {
  const before = lineOf(cart.lines, productId);
  const ordinal = before?.ordinal ?? cart.nextOrdinal;
  const line = { productId, product, quantity: (before?.quantity ?? 0) + quantity, unitPrice, ordinal };
  return { ...cart, lines: withLine(cart.lines, line), nextOrdinal: before ? cart.nextOrdinal : cart.nextOrdinal + 1 };
};

const withChangedLine = (cart: ExistingCart, productId: ProductId, change: Partial<CartLine>): ExistingCart => {
  const line = lineOf(cart.lines, productId);
  if (!line) throw new Error(`Cart ${cart.cartId} holds no ${productId} that could change`);
  return { ...cart, lines: withLine(cart.lines, { ...line, ...change }) };
};

const begun = (data: EventNamed<"CheckoutStarted">["data"]): CheckoutState => {
  const { checkoutId, attempt, amount, paymentToken, deadline, startedAt, quote, quoteHash, stock, couponUses, contact, shipTo } = data;
  const facts = { checkoutId, attempt, amount, paymentToken, deadline, startedAt, quote, quoteHash, stock, couponUses, contact, shipTo };
  return { ...facts, status: "Started", action: null, failure: null, orderId: null };
};

const withCheckout = (cart: ExistingCart, change: Partial<CheckoutState>): ExistingCart => ({
  ...cart,
  checkout: { ...checkoutOf(cart), ...change },
});
