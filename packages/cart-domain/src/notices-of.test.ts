import { expect, test } from "vitest";
import { added, cartId, eur, guestCartId, now, opened, productId } from "./cart-spec.ts";
import { noticesOf } from "./notices-of.ts";

const shoes = { productId: productId("shoes"), from: eur(1_000), to: eur(1_100) };

test("a shopper is told of a line that was repriced", () => {
  const repriced = { type: "CartItemRepriced", data: { cartId, ...shoes, repricedAt: now } } as const;
  expect(noticesOf([repriced, added("shoes")])).toEqual([{ code: "PriceChanged", ...shoes }]);
});

test("a shopper is told of every price that a merge changed for them", () => {
  const hat = { productId: productId("hat"), from: eur(9), to: eur(8) };
  const data = { cartId, fromCartId: guestCartId, lineCount: 3, itemCount: 4, repriced: [shoes, hat], mergedAt: now };
  expect(noticesOf([{ type: "GuestCartMerged", data }])).toEqual([
    { code: "PriceChanged", ...shoes },
    { code: "PriceChanged", ...hat },
  ]);
});

test("what the shopper did is no news", () => {
  expect(noticesOf([opened(), added("shoes")])).toEqual([]);
});
