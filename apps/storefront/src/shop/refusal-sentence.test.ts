import { formatMoney } from "@cartwright/contracts/format-money";
import { ProductId } from "@cartwright/contracts/ids";
import type { Refusal } from "@cartwright/contracts/refusals";
import { describe, expect, test } from "vitest";
import { countOf } from "./count-of.ts";
import { refusalSentence, type Words } from "./refusal-sentence.ts";

const lamp = ProductId.parse("lamp-1");
const chair = ProductId.parse("chair-1");
const names = new Map([
  [lamp, "Desk Lamp"],
  [chair, "Office Chair"],
]);
const words: Words = {
  nameOf: (id) => names.get(id),
  money: (money) => formatMoney(money, "en-GB"),
  count: (count, noun) => countOf(count, noun, "en-GB"),
};

describe("a refusal is told as one says it", () => {
  test.each<[Refusal, string]>([
    [
      {
        code: "PriceChanged",
        productId: lamp,
        seen: { amountMinor: 4_900, currency: "EUR" },
        list: { amountMinor: 5_900, currency: "EUR" },
      },
      "The price of Desk Lamp has changed from €49.00 to €59.00. It was not added.",
    ],
    [{ code: "CurrencyMismatch", cart: "EUR", given: "USD" }, "Your cart is in EUR, this price is in USD. A cart has one currency."],
    [{ code: "TooManyOfProduct", productId: lamp, asked: 10_000, max: 9_999 }, "A cart holds no more than 9,999 pieces of Desk Lamp."],
    [{ code: "BackInCart", productIds: [lamp, chair] }, "Desk Lamp and Office Chair are back in the cart already."],
    [{ code: "BackInCart", productIds: [lamp] }, "Desk Lamp is back in the cart already."],
    [{ code: "TooManyAttempts", retryAfterMs: 900 }, "Too many attempts. Try again in 1 second, please."],
    [{ code: "TooManyAttempts", retryAfterMs: 240_000 }, "Too many attempts. Try again in 4 minutes, please."],
    [
      { code: "CurrencyNotOffered", productId: chair, currency: "JPY", offered: ["EUR", "USD"] },
      "Office Chair is not sold in JPY, but in EUR, USD.",
    ],
  ])("%j", (refusal, sentence) => {
    expect(refusalSentence(refusal, words)).toBe(sentence);
  });

  test("also of a product that the page does not know", () => {
    expect(refusalSentence({ code: "ProductRetired", productId: ProductId.parse("x") }, words)).toBe("This product is not sold any more.");
  });
});
