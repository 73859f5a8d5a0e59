import { expect, test } from "vitest";
import { PaymentToken } from "./payment-shapes.ts";

test.each(["pm_card_visa", "pm_aQxZ_token", "pm_sim_slow"])("%p is a token", (token) =>
  expect(PaymentToken.safeParse(token).success).toBe(true),
);

test.each(["4242424242424242", "4242 4242 4242 4242", "pm_4242424242424242", "tok_visa", "pm_", "pm_card visa"])(
  "%p is none: a card number never gets through",
  (text) => expect(PaymentToken.safeParse(text).success).toBe(false),
);
