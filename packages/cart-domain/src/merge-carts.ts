import type { CartEvent } from "@cartwright/contracts/cart-events";
import { maxCoupons } from "@cartwright/contracts/cart-limits";
import type { SealedContact } from "@cartwright/contracts/checkout-shapes";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { CouponCode } from "@cartwright/contracts/pricing-shapes";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { sameMoney } from "@cartwright/contracts/same-money";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { brokenLimit, type LimitRefusal } from "./broken-limit.ts";
import { type ActiveCart, type Cart, evolve, whyNotOpen } from "./cart.ts";
import { allLines, type CartLine, lineOf, withLine } from "./lines.ts";
import { cartOpened } from "./open-cart.ts";

export type MergeCarts = {
  /** The user's cart. */
  cartId: CartId;
  /** The guest's cart. */
  fromCartId: CartId;
  /** The user, whose cart it becomes where this opens it, in the currency of the guest's cart. */
  owner: SubjectId;
  /** How the guest is reached, sealed anew for the owner; null where the guest has not said. */
  contact: SealedContact | null;
  /** The contact in the user's cart, if it is one that nobody can read any more: it counts as none. */
  unreadable?: SealedContact | null;
  now: Instant;
};
export type MergeCartsRefusal =
  | LimitRefusal
  | RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress" | "CurrencyMismatch" | "NotAGuestCart" | "SameCart">;

/**
 * Moves every line of a guest's cart into a user's and closes the guest's. Quantities of the same product add up and the user's line
 * keeps its price. Nothing is lost: what does not fit is refused as a whole. The guest's coupons come along as far as a cart takes them,
 * each until a quote finds that it does not hold, and so does the contact where the user has given none that can be read. A second time
 * changes nothing.
 * @returns the events of the user's stream, then those of the guest's: they belong into one append.
 */
export const mergeCarts = (command: MergeCarts, carts: { into: Cart; from: Cart }): Decision<readonly CartEvent[], MergeCartsRefusal> => {
  const { cartId, fromCartId, owner, now } = command;
  const { from } = carts;
  if (cartId === fromCartId) return refuse({ code: "SameCart", cartId });
  if (from.status === "Merged" && from.mergedInto === cartId) return accept([], []);
  if (from.status !== "Open") return refuse(whyNotOpen(from, fromCartId));
  if (from.ownerKind !== "guest") return refuse({ code: "NotAGuestCart", cartId: fromCartId });

  const opening = carts.into.status === "Absent" ? [cartOpened({ cartId, owner, ownerKind: "user", currency: from.currency, now })] : [];
  const into = opening.reduce(evolve, carts.into);
  if (into.status !== "Open") return refuse(whyNotOpen(into, cartId));
  if (into.currency !== from.currency) return refuse({ code: "CurrencyMismatch", cart: into.currency, given: from.currency });

  const moving = allLines(from.lines).map((line) => ({ line, kept: lineOf(into.lines, line.productId) }));
  const broken = brokenByAll(into, moving);
  if (broken) return refuse(broken);
  return accept(
    [
      ...opening,
      guestCartMerged(command, from, moving),
      ...moving.map((move) => movedLine(command, move)),
      ...broughtAlong(command, into, from),
    ],
    [{ type: "CartMergedIntoAnother", data: { cartId: fromCartId, intoCartId: cartId, mergedAt: now } }],
  );
};

/** The guest's coupons that a cart does not take beside the user's own. */
export const couponsLeftBehind = (into: Cart, from: Cart): readonly CouponCode[] => split(into, from).left;

const split = (into: Cart, from: Cart) => {
  const own = into.status === "Absent" ? [] : into.coupons;
  const others = from.status === "Absent" ? [] : from.coupons.filter((code) => !own.includes(code));
  const room = maxCoupons - own.length;
  return { carried: others.slice(0, room), left: others.slice(room) };
};

const broughtAlong = ({ cartId, contact, unreadable, now }: MergeCarts, into: ActiveCart, from: ActiveCart): readonly CartEvent[] => [
  ...split(into, from).carried.map((code): CartEvent => ({ type: "CouponApplied", data: { cartId, code, appliedAt: now } })),
  ...(contact && (!into.contact || into.contact.email === unreadable?.email)
    ? [{ type: "ContactSet", data: { cartId, contact, setAt: now } } as const]
    : []),
];

/** A guest's line and the user's line of the same product, if there is one. */
type Move = { line: CartLine; kept: CartLine | undefined };

const brokenByAll = (into: ActiveCart, moving: readonly Move[]): LimitRefusal | null => {
  let lines = into.lines;
  for (const { line, kept } of moving) {
    const joined = kept ? { ...kept, quantity: kept.quantity + line.quantity } : line;
    const broken = brokenLimit(lines, joined);
    if (broken) return broken;
    lines = withLine(lines, joined);
  }
  return null;
};

const guestCartMerged = ({ cartId, fromCartId, now }: MergeCarts, from: ActiveCart, moving: readonly Move[]): CartEvent => ({
  type: "GuestCartMerged",
  data: {
    cartId,
    fromCartId,
    lineCount: from.lines.count,
    itemCount: from.lines.itemCount,
    repriced: moving.flatMap(({ line, kept }) =>
      kept && !sameMoney(line.unitPrice, kept.unitPrice) ? [{ productId: line.productId, from: line.unitPrice, to: kept.unitPrice }] : [],
    ),
    mergedAt: now,
  },
});

const movedLine = ({ cartId, now }: MergeCarts, { line, kept }: Move): CartEvent => {
  const { productId, product, unitPrice } = kept ?? line;
  return { type: "ItemAddedToCart", data: { cartId, productId, product, quantity: line.quantity, unitPrice, addedAt: now } };
};
