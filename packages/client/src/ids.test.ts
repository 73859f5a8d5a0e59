import { CartId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { Country, CouponCode, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { afterEach, expect, test } from "vitest";
import { cartIdOf, countryOf, couponCodeOf, newCartId, paymentTokenOf, shippingMethodIdOf } from "./ids.ts";

const { randomUUID } = crypto;
afterEach(() => void Object.defineProperty(crypto, "randomUUID", { value: randomUUID, configurable: true, writable: true }));

test("a new cart has an id that the service takes, and no other cart has it", () => {
  const ids = Array.from({ length: 100 }, newCartId);
  for (const id of ids) expect(CartId.parse(id)).toBe(id);
  expect(new Set(ids).size).toBe(100);
});

test("so it has on a page that came over plain HTTP", () => {
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true, writable: true });
  const ids = Array.from({ length: 100 }, newCartId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(100);
});

test("an id that was kept is written as the service writes it", () => {
  expect(cartIdOf("00000000-0000-4000-8000-00000000000A")).toBe("00000000-0000-4000-8000-00000000000a" as CartId);
});

test("what a checkout takes is written as the service writes it", () => {
  expect(Country.parse(countryOf("vn"))).toBe(countryOf("VN"));
  expect(CouponCode.parse("freeship")).toBe(couponCodeOf("freeship"));
  expect(PaymentToken.parse("pm_card_visa")).toBe(paymentTokenOf("pm_card_visa"));
  expect(ShippingMethodId.parse("express")).toBe(shippingMethodIdOf("express"));
});
