import { expect, test } from "vitest";
import { checkoutWords } from "./checkout-words.ts";

test.each([
  ["Started", null, "busy", "Your payment is being confirmed"],
  ["Approved", null, "busy", "Your payment is being confirmed"],
  ["ActionRequired", null, "busy", "Your bank asks whether it is you"],
  ["Failed", "PaymentDeclined", "cut", "The payment did not go through"],
  ["Failed", "Cancelled", "cut", "Given up"],
  ["Ordered", null, "calm", "Thank you, your order is placed"],
] as const)("a checkout that is %s (%s) is told", (status, failure, tone, title) => {
  expect(checkoutWords({ status, failure })).toMatchObject({ tone, title });
});

test("a payment that came to nothing is told with the reason, and that the cart is still there", () => {
  expect(checkoutWords({ status: "Failed", failure: "PaymentDeclined" }).text).toBe("The card was declined. Your cart is as it was.");
});
