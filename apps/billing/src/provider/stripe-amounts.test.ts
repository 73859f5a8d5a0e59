import type { Currency } from "@cartwright/contracts/currency";
import { describe, expect, test } from "vitest";
import { fromStripe, toStripe } from "./stripe-amounts.ts";

describe("an amount, as Stripe counts it", () => {
  test.each<[Currency, number, number]>([
    ["EUR", 2_000, 2_000],
    ["JPY", 2_000, 2_000],
    ["KWD", 2_000, 2_000],
    ["ISK", 20, 2_000],
    ["UGX", 20, 2_000],
    ["MGA", 2_000, 20],
  ])("of %s %d is %d", (currency, amountMinor, amount) => {
    const said = { amount, currency: currency.toLowerCase() };
    expect(toStripe({ amountMinor, currency })).toEqual(said);
    expect(fromStripe(said)).toEqual({ amountMinor, currency });
  });

  test.each(["BHD", "JOD", "KWD", "OMR", "TND"] as const)("of %s with a third digit is not sent, since Stripe takes two", (currency) => {
    expect(toStripe({ amountMinor: 2_001, currency })).toBeNull();
    expect(toStripe({ amountMinor: 2_010, currency })).toEqual({ amount: 2_010, currency: currency.toLowerCase() });
    expect(fromStripe({ amount: 2_010, currency: currency.toLowerCase() })).toEqual({ amountMinor: 2_010, currency });
  });

  test("that is not whole there is not sent, and one that is not whole here is not taken", () => {
    expect(toStripe({ amountMinor: 2_001, currency: "MGA" })).toBeNull();
    expect(() => fromStripe({ amount: 2_001, currency: "isk" })).toThrow(RangeError);
  });
});
