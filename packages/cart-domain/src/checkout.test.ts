import type { CartEvent } from "@cartwright/contracts/cart-events";
import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { plainQuote } from "@cartwright/contracts/plain-quote";
import { describe, expect, test } from "vitest";
import { addItem } from "./add-item.ts";
import { approveCheckout } from "./approve-checkout.ts";
import { cancelCart } from "./cancel-cart.ts";
import { absentCart, type Cart, evolve } from "./cart.ts";
import {
  added,
  cartId,
  checkoutApproved,
  checkoutFailed,
  checkoutId,
  checkoutStarted,
  closings,
  deadline,
  eur,
  given,
  guestCartId,
  now,
  opened,
  orderPlaced,
  owner,
  productId,
  quoteOfShoes,
  snapshot,
  visa,
} from "./cart-spec.ts";
import { clearCart } from "./clear-cart.ts";
import { expireCart } from "./expire-cart.ts";
import { failCheckout } from "./fail-checkout.ts";
import { mergeCarts } from "./merge-carts.ts";
import { openCart } from "./open-cart.ts";
import { placeOrder } from "./place-order.ts";
import { removeItem } from "./remove-item.ts";
import { setQuantity } from "./set-quantity.ts";
import { checkoutAgain, startCheckout } from "./start-checkout.ts";
import { undoRemoval } from "./undo-removal.ts";
import { viewOf } from "./view-of.ts";

const starting = {
  cartId,
  quote: quoteOfShoes,
  quoteHash: null,
  stock: [],
  couponUses: [],
  contact: null,
  shipTo: null,
  clientAddress: null,
  deviceId: null,
  deadline,
  now,
};
const start =
  (paymentToken = visa) =>
  (cart: Cart) =>
    startCheckout({ ...starting, paymentToken }, cart);
const again = (same: typeof checkoutId | null) => (cart: Cart) => {
  if (cart.status === "Open") throw new Error("The cart is being paid");
  return checkoutAgain({ cartId, same }, cart);
};
const approve = (cart: Cart) => approveCheckout({ checkoutId, now }, cart);
const place = (cart: Cart) => placeOrder({ checkoutId, now }, cart);
const decline = (cart: Cart) => failCheckout({ checkoutId, reason: "PaymentDeclined", now }, cart);
const expireAt = (time: typeof now) => (cart: Cart) => failCheckout({ checkoutId, reason: "DeadlinePassed", now: time }, cart);

const folded = (past: readonly CartEvent[]) => past.reduce(evolve, absentCart);

const shopped = [opened(), added("shoes", 2)];
const started = [...shopped, checkoutStarted()];
const approved = [...started, checkoutApproved()];
const ends = [
  ["failed", [...started, checkoutFailed("Blocked")]],
  ["ordered", [...approved, orderPlaced()]],
] as const;

describe("starting a checkout", () => {
  test("freezes the lines and the amount until the deadline", () => {
    const starting = given(...shopped).when(start());
    starting.yields(checkoutStarted(1, now));
    expect(starting.leaves()).toMatchObject({ status: "CheckingOut", checkout: { status: "Started", amount: eur(2_000), deadline } });
  });

  test("again, as it was agreed to, is the same checkout, also once it is an order", () => {
    for (const past of [started, [...approved, orderPlaced()]])
      given(...past)
        .when(again(checkoutId))
        .changesNothing();
  });

  test("on other terms, or by another card, has to wait for the one that runs", () => {
    given(...started)
      .when(again(null))
      .refuses({ code: "CheckoutInProgress", cartId, checkoutId, deadline });
    given(...started)
      .when(start(PaymentToken.parse("pm_card_mastercard")))
      .refuses({ code: "CheckoutInProgress", cartId, checkoutId, deadline });
    given(...started, checkoutFailed("PaymentDeclined"), checkoutStarted(2))
      .when(again(checkoutId))
      .refuses({ code: "CheckoutInProgress", cartId, checkoutId: checkoutIdOf(cartId, 2), deadline });
    given(...approved, orderPlaced())
      .when(again(null))
      .refuses({ code: "CartClosed", cartId, status: "Ordered" });
  });

  test("after one that failed is the next attempt, under another id", () => {
    const again = given(...started, checkoutFailed("PaymentDeclined")).when(start());
    again.yields(checkoutStarted(2, now));
    expect(again.leaves()).toMatchObject({ checkout: { checkoutId: checkoutIdOf(cartId, 2), failure: null } });
  });

  test("is refused where there is nothing to pay for, or nothing to pay by", () => {
    given().when(start()).refuses({ code: "CartNotFound", cartId });
    given(opened()).when(start()).refuses({ code: "CartEmpty", cartId });
    given(...shopped)
      .when((cart) => startCheckout({ ...starting, paymentToken: null }, cart))
      .refuses({ code: "PaymentTokenMissing", total: eur(2_000) });
  });

  test("that costs nothing makes the cart an order at once, which is paid", () => {
    const quote = plainQuote([{ productId: productId("shoes"), quantity: 2, unitPrice: eur(0) }], eur(0));
    const placing = given(opened(), added("shoes", 2, eur(0))).when((cart) =>
      startCheckout({ ...starting, quote, paymentToken: visa }, cart),
    );
    expect(placing.leaves()).toMatchObject({
      status: "Ordered",
      checkout: { status: "Ordered", paymentToken: null },
      order: { status: "paid" },
    });
  });

  test("takes the prices of the quote over in the open", () => {
    const quote = plainQuote([{ productId: productId("shoes"), quantity: 2, unitPrice: eur(900) }], eur(1_800));
    const cheaper = given(...shopped).when((cart) => startCheckout({ ...starting, quote, paymentToken: visa }, cart));
    expect(cheaper.leaves()).toMatchObject({ lines: { totalMinor: 1_800 }, checkout: { amount: eur(1_800) } });
  });

  test("by a quote of another cart is a bug, and nobody pays for it", () =>
    expect(() => startCheckout({ ...starting, paymentToken: visa }, folded([opened(), added("shoes", 3)]))).toThrow("is not of the cart"));

  test.each(closings)("is refused once the cart is %s", (status, closing) =>
    given(...shopped, closing)
      .when(start())
      .refuses({ code: "CartClosed", cartId, status }),
  );

  test("is refused once the cart is ordered", () =>
    given(...approved, orderPlaced())
      .when(start())
      .refuses({ code: "CartClosed", cartId, status: "Ordered" }));
});

describe("while a cart is being paid", () => {
  const product = productId("shoes");
  const adding = {
    cartId,
    owner,
    ownerKind: "user",
    productId: product,
    product: snapshot("shoes"),
    quantity: 1,
    unitPrice: eur(1),
    now,
  } as const;
  const edits: Record<string, (cart: Cart) => unknown> = {
    add: (cart) => addItem(adding, cart),
    set: (cart) => setQuantity({ cartId, productId: product, quantity: 1, now }, cart),
    remove: (cart) => removeItem({ cartId, productId: product, now }, cart),
    clear: (cart) => clearCart({ cartId, now }, cart),
    undo: (cart) => undoRemoval({ cartId, now }, cart),
    cancel: (cart) => cancelCart({ cartId, now }, cart),
    "merge from": (from) => mergeCarts({ cartId: guestCartId, fromCartId: cartId, owner, contact: null, now }, { into: absentCart, from }),
  };

  test.each(Object.entries(edits))("nothing in it changes: %s is refused and says until when", (_name, edit) => {
    for (const past of [started, approved])
      expect(edit(folded(past))).toEqual({ accepted: false, refusal: { code: "CheckoutInProgress", cartId, checkoutId, deadline } });
  });

  test("to open it again changes nothing, and it does not expire", () => {
    given(...started)
      .when((cart) => openCart({ cartId, owner, ownerKind: "user", currency: "EUR", now }, cart))
      .changesNothing();
    given(...started)
      .when((cart) => expireCart({ cartId, idleLimitMs: 0, now }, cart))
      .changesNothing();
  });

  test("its view says so, and tells nothing of the card", () => {
    const cart = folded(approved);
    if (cart.status === "Absent") throw new Error("The cart is there");
    const view = viewOf(cart, 4);
    expect(view).toMatchObject({ status: "CheckingOut", checkout: { checkoutId, status: "Approved", failure: null, orderId: null } });
    expect(JSON.stringify(view)).not.toContain(visa);
  });
});

describe("a checkout", () => {
  test("is approved once", () => {
    given(...started)
      .when(approve)
      .yields(checkoutApproved(now));
    given(...approved)
      .when(approve)
      .changesNothing();
  });

  test("that is paid makes the cart an order, once", () => {
    const placing = given(...approved).when(place);
    placing.yields(orderPlaced(now));
    expect(placing.leaves()).toMatchObject({ status: "Ordered", checkout: { status: "Ordered", orderId: checkoutId } });
  });

  test("that nobody has approved makes no order", () =>
    given(...started)
      .when(place)
      .changesNothing());

  test("that fails opens the cart again, with all that was in it", () => {
    const failing = given(...approved).when(decline);
    failing.yields(checkoutFailed("PaymentDeclined", now));
    expect(failing.leaves()).toMatchObject({ status: "Open", lines: { itemCount: 2 }, checkout: { failure: "PaymentDeclined" } });
  });

  test("fails at its deadline and not before", () => {
    given(...started)
      .when(expireAt(now))
      .changesNothing();
    given(...started)
      .when(expireAt(deadline))
      .yields(checkoutFailed("DeadlinePassed", deadline));
  });

  test.each(ends)("that has %s stays so, whatever comes late", (_how, past) => {
    for (const decide of [approve, place, decline, expireAt(deadline)])
      given(...past)
        .when(decide)
        .changesNothing();
  });

  test("hears nothing of what belongs to an earlier attempt", () => {
    const second = [...started, checkoutFailed("PaymentDeclined"), checkoutStarted(2)];
    for (const decide of [approve, place, decline, expireAt(deadline)])
      given(...second)
        .when(decide)
        .changesNothing();
  });
});
