import { expect, test } from "vitest";
import { Notice } from "./notices.ts";
import { Refusal } from "./refusals.ts";

test("a refusal names the fact that forbids, and nothing else", () => {
  const priceChanged = {
    code: "PriceChanged",
    productId: "prod-456",
    seen: { amountMinor: 1, currency: "EUR" },
    list: { amountMinor: 2, currency: "EUR" },
  };
  expect(Refusal.safeParse(priceChanged).success).toBe(true);
  expect(Refusal.safeParse({ ...priceChanged, stack: "at …" }).success).toBe(false);
  expect(Refusal.safeParse({ code: "CartFull" }).success).toBe(false);
  expect(Refusal.safeParse({ code: "SomethingElse" }).success).toBe(false);
});

test("a cart is never refused for being open", () => {
  const closed = { code: "CartClosed", cartId: "5f0c6a1e-8d1b-4a57-9a3e-2f6f1d0c9b11" };
  expect(Refusal.safeParse({ ...closed, status: "Expired" }).success).toBe(true);
  expect(Refusal.safeParse({ ...closed, status: "Open" }).success).toBe(false);
});

test("a notice tells the shopper both prices", () => {
  const price = { amountMinor: 1, currency: "EUR" };
  expect(Notice.safeParse({ code: "PriceChanged", productId: "p", from: price, to: price }).success).toBe(true);
  expect(Notice.safeParse({ code: "PriceChanged", productId: "p", to: price }).success).toBe(false);
});
