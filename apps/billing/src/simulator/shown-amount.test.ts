import { expect, test } from "vitest";
import { shownAmount } from "./shown-amount.ts";

test.each([
  [21_100, "gbp", "£211.00"],
  [25_414_000, "vnd", "₫25,414,000"],
  [303_000, "kwd", "KWD 303.000"],
  [2_000, "isk", "ISK 20"],
  [5, "xxz", "5 XXZ (in minor units)"],
] as const)("%i %s at the provider is shown as '%s'", (amount, currency, text) => {
  expect(shownAmount({ amount, currency }).replaceAll(/\s/g, " ")).toBe(text);
});
