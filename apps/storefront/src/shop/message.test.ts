import { formatMoney } from "@cartwright/contracts/format-money";
import { ProductId } from "@cartwright/contracts/ids";
import { expect, test } from "vitest";
import { countOf } from "./count-of.ts";
import { messageOf } from "./message.ts";

const lamp = ProductId.parse("lamp");
const words = {
  nameOf: (id: ProductId) => (id === lamp ? "Desk Lamp" : undefined),
  money: (money: Parameters<typeof formatMoney>[0]) => formatMoney(money, "en-GB"),
  count: (count: number, noun: string) => countOf(count, noun, "en-GB"),
};
const [from, to] = [
  { amountMinor: 4_900, currency: "EUR" },
  { amountMinor: 5_900, currency: "EUR" },
] as const;
const command = { type: "addItem", productId: lamp, quantity: 1 } as const;

test("a price that changed is told from what to what", () => {
  const notice = { code: "PriceChanged", productId: lamp, from, to } as const;
  const text = "Desk Lamp has changed its price from €49.00 to €59.00.";
  expect(messageOf({ id: 1, command, kind: "notice", notice }, words)).toEqual({ tone: "news", text });
  expect(messageOf({ id: 1, kind: "notice", notice }, words)).toEqual({ tone: "news", text });
});

test("a product that is sold no more is told, also when the page does not know its name", () => {
  const notice = { code: "ProductRetired", productId: ProductId.parse("x") } as const;
  expect(messageOf({ id: 1, command, kind: "notice", notice }, words).text).toBe("A product in your cart is not sold any more.");
});

test("what was refused is told with the reason, and read out at once", () => {
  const refusal = { code: "PriceChanged", productId: lamp, seen: from, list: to } as const;
  const text = "The price of Desk Lamp has changed from €49.00 to €59.00. It was not added.";
  expect(messageOf({ id: 1, command, kind: "refused", refusal }, words)).toEqual({ tone: "no", text });
});

test("a guest's cart that could not be taken along is told where it is", () => {
  const refusal = { code: "CurrencyMismatch", cart: "USD", given: "EUR" } as const;
  expect(messageOf({ id: 1, kind: "leftBehind", refusal }, words).text).toContain("is there again when you sign out. Your cart is in USD");
});
