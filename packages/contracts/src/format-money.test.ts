import { expect, test } from "vitest";
import { formatMoney } from "./format-money.ts";

const plain = (text: string) => text.replaceAll(/\s/g, " ");

test.each([
  [{ amountMinor: 89_900, currency: "EUR" }, "en-GB", "€899.00"],
  [{ amountMinor: 89_900, currency: "EUR" }, "de-DE", "899,00 €"],
  [{ amountMinor: 5, currency: "USD" }, "en-US", "$0.05"],
  [{ amountMinor: 150_980, currency: "JPY" }, "en-US", "¥150,980"],
  [{ amountMinor: 25_000_000, currency: "VND" }, "vi-VN", "25.000.000 ₫"],
  [{ amountMinor: 303_000, currency: "KWD" }, "en-US", "KWD 303.000"],
  [{ amountMinor: 12_345, currency: "IDR" }, "en-US", "IDR 123.45"],
  [{ amountMinor: 0, currency: "EUR" }, "en-GB", "€0.00"],
] as const)("%j reads in %s as %s", (money, locale, text) => {
  expect(plain(formatMoney(money, locale))).toBe(text);
});

test("the largest amount there is loses no digit", () => {
  expect(formatMoney({ amountMinor: Number.MAX_SAFE_INTEGER, currency: "EUR" }, "en-GB")).toBe("€90,071,992,547,409.91");
});
