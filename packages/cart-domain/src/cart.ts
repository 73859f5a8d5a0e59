import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartStatus, OwnerKind } from "@cartwright/contracts/cart-shapes";
import type { CheckoutState } from "@cartwright/contracts/checkout-shapes";
import type { Currency } from "@cartwright/contracts/currency";
import type { CartId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { unreachable } from "@cartwright/decider/unreachable";
import { allLines, type CartLine, type Lines, lineOf, noLines, withLine, withoutLine } from "./lines.ts";

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
  nextOrdinal: 0,
  openedAt,
  updatedAt: openedAt,
});

const changed = (cart: ExistingCart, { type, data }: Change): ExistingCart => {
  switch (type) {
    case "ItemAddedToCart":
      return at(data.addedAt, added(cart, data));
    case "ItemQuantitySet":
      return at(data.setAt, withChangedLine(cart, data.productId, { quantity: data.to }));
    case "CartItemRepriced":
      return at(data.repricedAt, withChangedLine(cart, data.productId, { unitPrice: data.to }));
    case "ItemRemovedFromCart": {
      const removed = lineOf(cart.lines, data.productId);
      return at(data.removedAt, { ...cart, lines: withoutLine(cart.lines, data.productId), lastRemoval: removed ? [removed] : [] });
    }
    case "CartCleared":
      return at(data.clearedAt, { ...cart, lines: noLines, lastRemoval: allLines(cart.lines) });
    case "RemovalUndone":
      return at(data.undoneAt, { ...cart, lines: cart.lastRemoval.reduce(withLine, cart.lines), lastRemoval: [] });
    case "GuestCartMerged":
      return at(data.mergedAt, cart);
    case "CartMergedIntoAnother":
      return at(data.mergedAt, { ...cart, status: "Merged", mergedInto: data.intoCartId, lines: noLines, lastRemoval: [] });
    case "CartCancelled":
      return at(data.cancelledAt, { ...cart, status: "Cancelled" });
    case "CartExpired":
      return at(data.expiredAt, { ...cart, status: "Expired" });
    case "CheckoutStarted":
      return at(data.startedAt, { ...cart, status: "CheckingOut", checkout: begun(data), lastRemoval: [] });
    case "CheckoutApproved":
      return at(data.approvedAt, withCheckout(cart, { status: "Approved" }));
    case "CheckoutFailed":
      return at(data.failedAt, { ...withCheckout(cart, { status: "Failed", failure: data.reason }), status: "Open" });
    case "OrderPlaced":
      return at(data.placedAt, { ...withCheckout(cart, { status: "Ordered", orderId: data.orderId }), status: "Ordered" });
    default:
      return unreachable(type);
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
  const { checkoutId, attempt, amount, paymentToken, deadline, startedAt } = data;
  return { checkoutId, attempt, amount, paymentToken, deadline, startedAt, status: "Started", failure: null, orderId: null };
};

const withCheckout = (cart: ExistingCart, change: Partial<CheckoutState>): ExistingCart => ({
  ...cart,
  checkout: { ...checkoutOf(cart), ...change },
});
