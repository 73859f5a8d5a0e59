import { expect, test } from "vitest";
import { Currency } from "./currency.ts";
import { minorUnitDigits } from "./minor-unit-digits.ts";

test("currencies are ISO 4217's alphabetic codes", () => {
  const codes = Object.keys(minorUnitDigits);
  expect(codes.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
  expect(codes).toEqual(codes.toSorted());
  for (const code of codes) expect(Currency.parse(code)).toBe(code as Currency);
});

test.each(["JPY", "KRW", "VND", "ISK", "CLP", "XOF"] as const)("one %s is one minor unit", (code) => {
  expect(minorUnitDigits[code]).toBe(0);
});

test.each(["KWD", "BHD", "OMR", "JOD", "TND", "LYD", "IQD"] as const)("one %s is a thousand minor units", (code) => {
  expect(minorUnitDigits[code]).toBe(3);
});

test.each(["XAU", "XXX", "XTS", "HRK", "BGN", "eur", "EURO", ""])("%j is no currency in use", (code) => {
  expect(Currency.safeParse(code).success).toBe(false);
});
