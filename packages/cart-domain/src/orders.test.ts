import type { CartEvent } from "@cartwright/contracts/cart-events";
import { orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { PaymentAction } from "@cartwright/contracts/payment-shapes";
import { describe, expect, test } from "vitest";
import { cancelCheckout } from "./cancel-checkout.ts";
import { cancelOrder } from "./cancel-order.ts";
import { absentCart, type Cart, evolve } from "./cart.ts";
import {
  added,
  cartId,
  checkoutApproved,
  checkoutFailed,
  checkoutId,
  checkoutStarted,
  earlier,
  eur,
  given,
  now,
  opened,
  orderPlaced,
  owner,
} from "./cart-spec.ts";
import { confirmAction } from "./confirm-action.ts";
import { orderViewOf } from "./order-view-of.ts";
import { placeOrder } from "./place-order.ts";
import { recordPaid, recordPaymentFailed, recordPaymentLost, recordRefunded, recordRefundReturned } from "./record-order-payment.ts";
import { requireAction } from "./require-action.ts";
import { viewOf } from "./view-of.ts";

const orderId = orderIdOf(checkoutId);
const order = { cartId, checkoutId, orderId, paymentId: paymentIdOf(checkoutId) };
const action = PaymentAction.parse({ kind: "redirect", url: "https://bank.example/3ds" });

const approved = [opened(), added("shoes", 2), checkoutStarted(), checkoutApproved()];
const placed = [...approved, orderPlaced()];
const paid = (at = earlier): CartEvent => ({
  type: "OrderPaid",
  data: { ...order, owner, contact: null, paidTotal: eur(2_000), paidAt: at },
});
const refunded = (minor: number, at = earlier): CartEvent => ({
  type: "OrderRefunded",
  data: { ...order, paidTotal: eur(2_000), refundedTotal: eur(minor), refundedAt: at },
});
const cancelled = (reason: "shopper" | "shop" | "paymentFailed", restock: boolean, at = earlier): CartEvent => ({
  type: "OrderCancelled",
  data: { ...order, owner, ownerKind: "user", reason, restock, cancelledAt: at },
});
const partlyPaid: CartEvent = {
  type: "OrderPaid",
  data: { ...order, owner, contact: null, paidTotal: eur(1_500), paidAt: earlier },
};
const paymentFailed = (attempt: number, at = earlier): CartEvent => ({
  type: "OrderPaymentFailed",
  data: { ...order, code: "processing_error", attempt, failedAt: at },
});
const required = (at = earlier): CartEvent => ({
  type: "CheckoutActionRequired",
  data: { cartId, checkoutId, paymentId: order.paymentId, action, requiredAt: at },
});
const confirmed = (at = earlier): CartEvent => ({
  type: "CheckoutActionConfirmed",
  data: { cartId, checkoutId, paymentId: order.paymentId, confirmedAt: at },
});

const orderOf = (...past: readonly CartEvent[]) => {
  const cart = past.reduce(evolve, absentCart);
  if (cart.status === "Absent") throw new Error("the cart is there");
  return orderViewOf(cart, past.length);
};

const pay = (minor: number) => (cart: Cart) => recordPaid({ checkoutId, paidTotal: eur(minor), now }, cart);
const refund = (minor: number) => (cart: Cart) =>
  recordRefunded({ checkoutId, paidTotal: eur(2_000), refundedTotal: eur(minor), now }, cart);
const fail = (attempt: number, isFinal: boolean) => (cart: Cart) =>
  recordPaymentFailed({ checkoutId, code: "processing_error", attempt, isFinal, now }, cart);
const cancel =
  (by: "shopper" | "shop", restock = false) =>
  (cart: Cart) =>
    cancelOrder({ orderId, by, restock, now }, cart);

describe("an order", () => {
  test("is placed, then paid, then refunded in parts and whole, as its money goes", () => {
    expect(orderOf(...approved)).toBeNull();
    expect(orderOf(...placed)).toMatchObject({ orderId, status: "placed", items: [{ name: "The shoes", quantity: 2, total: eur(2_000) }] });
    expect(orderOf(...placed, paid())).toMatchObject({ status: "paid", paid: eur(2_000) });
    expect(orderOf(...placed, paid(), refunded(500))).toMatchObject({ status: "partlyRefunded", refunded: eur(500) });
    expect(orderOf(...placed, paid(), refunded(2_000))).toMatchObject({ status: "refunded" });
  });

  test("hears of its money once, however often and in whatever order it is told", () => {
    given(...placed)
      .when(pay(2_000))
      .yields(paid(now));
    given(...placed, paid())
      .when(pay(2_000))
      .changesNothing();
    given(...placed, paid(), refunded(2_000))
      .when(refund(500))
      .changesNothing();
    given(...approved)
      .when(pay(2_000))
      .changesNothing();
  });

  test("of which a refund comes back is paid again, or refunded in part, as the money is", () => {
    const returned = (minor: number, at = earlier): CartEvent => ({
      type: "OrderRefundReturned",
      data: { ...order, paidTotal: eur(2_000), refundedTotal: eur(minor), returnedAt: at },
    });
    const giveBack = (minor: number) => (cart: Cart) => recordRefundReturned({ checkoutId, refundedTotal: eur(minor), now }, cart);
    const gone = [...placed, paid(), refunded(2_000)];
    given(...gone)
      .when(giveBack(0))
      .yields(returned(0, now));
    expect(orderOf(...gone, returned(0))).toMatchObject({ status: "paid", refunded: eur(0) });
    expect(orderOf(...gone, returned(500))).toMatchObject({ status: "partlyRefunded", refunded: eur(500) });
    expect(orderOf(...gone, returned(0), refunded(2_000))).toMatchObject({ status: "refunded" });
    expect(orderOf(...placed, paid(), cancelled("shop", false), refunded(2_000), returned(0))).toMatchObject({
      ...{ status: "cancelled", refunded: eur(0) },
    });
    for (const past of [[...gone, returned(0)], [...placed, paid()], approved])
      given(...past)
        .when(giveBack(0))
        .changesNothing();
  });

  test("of which the shop takes a part by hand is paid: the rest was given up, and the shop is at work on it", () => {
    expect(orderOf(...placed, partlyPaid)).toMatchObject({ status: "paid", paid: eur(1_500), totals: { total: eur(2_000) } });
    given(...placed, partlyPaid)
      .when(cancel("shopper"))
      .refuses({ code: "OrderNotCancellable", orderId, status: "paid" });
    const back = { ...order, paidTotal: eur(1_500), refundedTotal: eur(1_500), refundedAt: earlier };
    expect(orderOf(...placed, partlyPaid, { type: "OrderRefunded", data: back })).toMatchObject({ status: "refunded" });
  });

  test("whose money the provider does not hand over says so, and is cancelled and for sale again after the last attempt", () => {
    given(...placed)
      .when(fail(1, false))
      .yields(paymentFailed(1, now));
    expect(orderOf(...placed, paymentFailed(1))).toMatchObject({ status: "placed", paymentProblem: "processing_error" });
    expect(orderOf(...placed, paymentFailed(1), paid())).toMatchObject({ status: "paid", paymentProblem: null });
    given(...placed)
      .when(fail(3, true))
      .yields(paymentFailed(3, now), cancelled("paymentFailed", true, now));
    given(...placed, paid())
      .when(fail(3, true))
      .changesNothing();
  });

  test("that can never be paid any more is cancelled, once", () => {
    const lose = (cart: Cart) => recordPaymentLost({ checkoutId, now }, cart);
    given(...placed)
      .when(lose)
      .yields(cancelled("paymentFailed", true, now));
    for (const past of [[...placed, paid()], [...placed, cancelled("shopper", true)], approved])
      given(...past)
        .when(lose)
        .changesNothing();
  });
});

describe("cancelling an order", () => {
  test("is the shopper's to do before it is paid, and puts its pieces back", () =>
    given(...placed)
      .when(cancel("shopper"))
      .yields(cancelled("shopper", true, now)));

  test("once it is paid is the shop's, who says whether the pieces are for sale again", () => {
    given(...placed, paid())
      .when(cancel("shopper"))
      .refuses({ code: "OrderNotCancellable", orderId, status: "paid" });
    given(...placed, paid())
      .when(cancel("shop"))
      .yields(cancelled("shop", false, now));
    given(...placed, paid())
      .when(cancel("shop", true))
      .yields(cancelled("shop", true, now));
  });

  test("twice is once, and its money still goes back", () => {
    const over = [...placed, paid(), cancelled("shop", false)];
    given(...over)
      .when(cancel("shopper"))
      .changesNothing();
    expect(orderOf(...over, refunded(2_000))).toMatchObject({ status: "cancelled", cancelReason: "shop", refunded: eur(2_000) });
  });

  test("while its money is being taken does not keep the money from being counted, and nobody is thanked for it", () => {
    const over = [...placed, cancelled("shopper", true)];
    const late: CartEvent = { type: "OrderPaid", data: { ...order, owner: null, contact: null, paidTotal: eur(2_000), paidAt: now } };
    given(...over)
      .when(pay(2_000))
      .yields(late);
    expect(orderOf(...over, late)).toMatchObject({ status: "cancelled", cancelReason: "shopper", paid: eur(2_000), refunded: eur(0) });
    expect(orderOf(...over, late, refunded(2_000))).toMatchObject({ status: "cancelled", paid: eur(2_000), refunded: eur(2_000) });
  });

  test("that is none is refused", () =>
    given(...approved)
      .when(cancel("shop"))
      .refuses({ code: "OrderNotFound", orderId }));
});

describe("what the provider wants of the shopper", () => {
  const waiting = [...approved, required()];
  const confirm = (cart: Cart) => confirmAction({ checkoutId, now }, cart);
  const shown = (cart: Cart) => cart.status !== "Absent" && viewOf(cart, 1).checkout?.action;

  test("is told while it is waited for, and confirmed once", () => {
    given(...approved)
      .when((cart) => requireAction({ checkoutId, action, now }, cart))
      .yields(required(now));
    given(...waiting)
      .when(confirm)
      .yields(confirmed(now));
    given(...waiting, confirmed())
      .when(confirm)
      .changesNothing();
  });

  test("is shown again to who said too early that it was done, who can say so again", () => {
    const askAgain = (cart: Cart) => requireAction({ checkoutId, action, now }, cart);
    given(...waiting, confirmed())
      .when(askAgain)
      .yields(required(now));
    const again = given(...waiting, confirmed(), required(now));
    expect(shown(again.when(askAgain).leaves())).toEqual(action);
    again.when(askAgain).changesNothing();
    again.when(confirm).yields(confirmed(now));
    expect(shown(again.when(confirm).leaves())).toBeNull();
  });

  test("need not be confirmed where the provider says itself that it was done", () => {
    const placing = given(...waiting).when((cart) => placeOrder({ checkoutId, now }, cart));
    expect(placing.leaves()).toMatchObject({ status: "Ordered" });
    given(...waiting, orderPlaced())
      .when(confirm)
      .changesNothing();
  });

  test("can't be confirmed where nothing is wanted", () => {
    given(...approved)
      .when(confirm)
      .refuses({ code: "NoActionRequired", checkoutId, status: "Approved" });
    given(...waiting, checkoutFailed("DeadlinePassed"))
      .when(confirm)
      .refuses({ code: "NoActionRequired", checkoutId, status: "Failed" });
    given().when(confirm).refuses({ code: "CheckoutNotFound", checkoutId });
  });
});

describe("giving a checkout up", () => {
  const cancelIt = (cart: Cart) => cancelCheckout({ checkoutId, now }, cart);

  test("opens the cart again, at any step before the order", () => {
    for (const past of [approved.slice(0, 3), approved, [...approved, required()]])
      given(...past)
        .when(cancelIt)
        .yields(checkoutFailed("Cancelled", now));
  });

  test("that is over changes nothing, or is too late", () => {
    given(...approved, checkoutFailed("Cancelled"))
      .when(cancelIt)
      .changesNothing();
    given(...placed)
      .when(cancelIt)
      .refuses({ code: "CheckoutEnded", checkoutId, status: "Ordered" });
  });
});
