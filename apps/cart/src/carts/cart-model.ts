import { absentCart, type Cart, type ExistingCart, evolve } from "@cartwright/cart-domain/cart";
import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import type { CheckoutState } from "@cartwright/contracts/checkout-shapes";
import type { SubjectId } from "@cartwright/contracts/ids";
import { couponUsesClaim, couponUsesOfClaim, stockAvailableClaim, stockReservedClaim } from "@cartwright/contracts/shop-events";
import { unreachable } from "@cartwright/decider/unreachable";
import type { StreamModel } from "@cartwright/event-log/command-handler";
import type { Claim } from "@cartwright/event-log/event-log";

/** How the stream `cart-<cartId>` is folded and written. */
export const cartModel: StreamModel<Cart, CartEvent> = {
  initial: absentCart,
  evolve,
  encode: cartEvents.encode,
  decode: cartEvents.decode,
  claimsOf: (event, cart) => (cart.status === "Absent" ? [] : claimsOf(event, cart)),
};

/** The claim that says which cart is the subject's current one: its holder is the cart's id. */
export const currentCartClaim = (owner: SubjectId): string => `current-cart:${owner}`;

/**
 * The first cart that a subject opens is its current one, until it is closed. A checkout claims its pieces and the uses of its coupons in
 * the append that begins it; whatever ends it gives them back, or makes them sold and used.
 */
const claimsOf = ({ type, data }: CartEvent, { owner, checkout }: ExistingCart): readonly Claim[] => {
  const claim = { key: currentCartClaim(owner), holder: data.cartId };
  switch (type) {
    case "CartOpened":
      return [{ kind: "holdIfFree", ...claim }];
    case "CartCancelled":
    case "CartExpired":
    case "CartMergedIntoAnother":
      return [{ kind: "release", ...claim }];
    case "CheckoutStarted":
      return [...reserving(checkout), ...using(checkout)];
    case "CheckoutFailed":
      return [...unreserving(checkout), ...unusing(checkout)];
    case "OrderPlaced":
      return [{ kind: "release", ...claim }, ...sold(checkout)];
    case "OrderCancelled":
      return [...(data.restock ? restocked(checkout) : []), ...unusing(checkout)];
    case "ItemAddedToCart":
    case "ItemQuantitySet":
    case "CartItemRepriced":
    case "ItemRemovedFromCart":
    case "CartCleared":
    case "RemovalUndone":
    case "GuestCartMerged":
    case "CouponApplied":
    case "CouponRemoved":
    case "ContactSet":
    case "CheckoutApproved":
    case "CheckoutActionRequired":
    case "CheckoutActionConfirmed":
    case "OrderPaid":
    case "OrderRefunded":
    case "OrderRefundReturned":
    case "OrderPaymentFailed":
      return [];
    default:
      return unreachable(type);
  }
};

type Claiming = CheckoutState | null;

const counted = (key: string, delta: number, atMost: number | null = null): Claim => ({
  kind: "count",
  key,
  delta,
  atMost: atMost ?? Number.MAX_SAFE_INTEGER,
});

const reserving = (checkout: Claiming) =>
  stockOf(checkout).flatMap(({ stockId, quantity }) => [
    counted(stockAvailableClaim(stockId), -quantity),
    counted(stockReservedClaim(stockId), quantity),
  ]);
const unreserving = (checkout: Claiming) =>
  stockOf(checkout).flatMap(({ stockId, quantity }) => [
    counted(stockAvailableClaim(stockId), quantity),
    counted(stockReservedClaim(stockId), -quantity),
  ]);
const sold = (checkout: Claiming) => stockOf(checkout).map(({ stockId, quantity }) => counted(stockReservedClaim(stockId), -quantity));
const restocked = (checkout: Claiming) => stockOf(checkout).map(({ stockId, quantity }) => counted(stockAvailableClaim(stockId), quantity));
const stockOf = (checkout: Claiming) => checkout?.stock ?? [];

/** Of all shoppers and of this one, so that each limit is kept however many check out at once. */
const using = (checkout: Claiming) =>
  usesOf(checkout).flatMap(({ code, maxUses, maxUsesPerCustomer, customers }) => [
    counted(couponUsesClaim(code), 1, maxUses),
    ...customers.map((customer) => counted(couponUsesOfClaim(code, customer), 1, maxUsesPerCustomer)),
  ]);
const unusing = (checkout: Claiming) =>
  usesOf(checkout).flatMap(({ code, customers }) => [
    counted(couponUsesClaim(code), -1),
    ...customers.map((customer) => counted(couponUsesOfClaim(code, customer), -1)),
  ]);
const usesOf = (checkout: Claiming) => checkout?.couponUses ?? [];
