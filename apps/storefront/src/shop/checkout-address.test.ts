import { CheckoutId } from "@cartwright/contracts/ids";
import { expect, test } from "vitest";
import { checkoutAddressOf, checkoutPageOf } from "./checkout-address.ts";

const checkoutId = CheckoutId.parse("00000000-0000-4000-8000-000000000001.1");

test("whoever comes from their bank is known by the payment, which goes by the checkout's id", () => {
  const search = `?paymentId=${checkoutId}&payment_intent=pi_1&redirect_status=succeeded`;
  expect(checkoutAddressOf(search)).toEqual({ checkoutId, isBack: true });
});

test("the page of a checkout is found by its own address, and that says nothing of a bank", () => {
  const { search, pathname } = new URL(checkoutPageOf(checkoutId), "http://shop.example");
  expect(pathname).toBe("/checkout");
  expect(checkoutAddressOf(search)).toEqual({ checkoutId, isBack: false });
});

test.each(["", "?paymentId=", "?paymentId=1", `?paymentId=${checkoutId}0x`, "?paymentId=00000000-0000-4000-8000-000000000001"])(
  "'%s' names no checkout",
  (search) => {
    expect(checkoutAddressOf(search).checkoutId).toBeNull();
  },
);
