import { ProductId } from "@cartwright/contracts/ids";
import { CouponCode, StockId } from "@cartwright/contracts/pricing-shapes";
import { couponUsesClaim, couponUsesOfClaim, stockAvailableClaim } from "@cartwright/contracts/shop-events";
import { expect, test } from "vitest";
import { claimRefusal } from "./claim-refusal.ts";

const stockId = StockId.parse("mice");
const code = CouponCode.parse("TEN");
const productIds = [ProductId.parse("mouse"), ProductId.parse("mouse-red")];
const coupon = { code, version: 1, discount: { kind: "freeShipping" }, amount: { amountMinor: 1, currency: "EUR" } } as const;
const wanted = {
  stock: [{ stockId, quantity: 3, productIds }],
  quote: { coupons: [{ ...coupon, maxUses: 1, maxUsesPerCustomer: 1 }] },
} as never;

const refusedFor = (key: string) =>
  claimRefusal({ claim: { kind: "count", key, delta: 1, atMost: 1 }, held: { holder: null, count: 1 } }, wanted);

test("who was slower is told of what they wanted, whatever the cart and the catalogue say by now", () => {
  expect(refusedFor(stockAvailableClaim(stockId))).toEqual({ code: "OutOfStock", stockId, productIds, wanted: 3, available: 1 });
  expect(refusedFor(couponUsesClaim(code))).toEqual({ code: "CouponNotApplicable", coupon: code, problem: "usedUp" });
  expect(refusedFor(couponUsesOfClaim(code, "user-ada"))).toEqual({
    code: "CouponNotApplicable",
    coupon: code,
    problem: "usedUpByCustomer",
  });
});

test("a claim that the checkout does not need is a bug, and is said to be one", () =>
  expect(() => refusedFor(stockAvailableClaim(StockId.parse("hats")))).toThrow("does not need it"));
