import { expect, test } from "vitest";
import { cartOfCheckout, checkoutIdOf, orderIdOf, paymentIdOf } from "./checkout-ids.ts";
import { CartId, CheckoutId } from "./ids.ts";

const cartId = CartId.parse("5f0c6a1e-8d1b-4a57-9a3e-2f6f1d0c9b11");

test("a checkout is named by its cart and its attempt, and finds its cart again", () => {
  expect(checkoutIdOf(cartId, 1)).toBe(checkoutIdOf(cartId, 1));
  expect(checkoutIdOf(cartId, 2)).not.toBe(checkoutIdOf(cartId, 1));
  expect(cartOfCheckout(checkoutIdOf(cartId, 12))).toBe(cartId);
});

test("payment and order are named by their checkout", () => {
  const checkoutId = checkoutIdOf(cartId, 1);
  expect([paymentIdOf(checkoutId), orderIdOf(checkoutId)].map(String)).toEqual([checkoutId, checkoutId].map(String));
});

test.each(["", cartId, `${cartId}.0`, `${cartId}.01`, `${cartId}.1 `, `${cartId.toUpperCase()}.1`, "x.1"])("%p is no checkout", (text) =>
  expect(CheckoutId.safeParse(text).success).toBe(false),
);
