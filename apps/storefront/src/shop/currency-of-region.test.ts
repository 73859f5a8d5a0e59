import { expect, test } from "vitest";
import { currencyOfRegion } from "./currency-of-region.ts";

test.each([
  ["de-DE", "EUR"],
  ["en-GB", "GBP"],
  ["en", "USD"],
  ["ja", "JPY"],
  ["vi-VN", "VND"],
  ["ar-KW", "KWD"],
  ["pt-BR", "EUR"],
] as const)("whoever reads in %s begins with %s", (locale, currency) => {
  expect(currencyOfRegion(locale)).toBe(currency);
});
