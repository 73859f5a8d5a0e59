import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalOf } from "./decimal-of.ts";
import { add, MixedCurrencies, Money, multiply, zero } from "./money.ts";
import { sameMoney } from "./same-money.ts";

const largest = Number.MAX_SAFE_INTEGER;
const euros = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });
const amount = fc.oneof(fc.maxSafeNat(), fc.integer({ min: largest - 1000, max: largest }), fc.nat());
const orNull = (exact: bigint) => (exact <= BigInt(largest) ? euros(Number(exact)) : null);

describe("money", () => {
  test.each([
    [{ amountMinor: 123_450, currency: "EUR" }, "1234.50"],
    [{ amountMinor: 5, currency: "USD" }, "0.05"],
    [{ amountMinor: 1_234, currency: "JPY" }, "1234"],
    [{ amountMinor: 0, currency: "JPY" }, "0"],
    [{ amountMinor: 1_234, currency: "KWD" }, "1.234"],
    [{ amountMinor: 7, currency: "CLF" }, "0.0007"],
    [{ amountMinor: largest, currency: "EUR" }, "90071992547409.91"],
  ] satisfies [Money, string][])("%j is written %s", (money, decimal) => {
    expect(decimalOf(money)).toBe(decimal);
  });

  test.each([
    { amountMinor: -1, currency: "EUR" },
    { amountMinor: 0.5, currency: "EUR" },
    { amountMinor: 2 ** 53, currency: "EUR" },
    { amountMinor: Number.NaN, currency: "EUR" },
    { amountMinor: "100", currency: "EUR" },
    { amountMinor: 100, currency: "eur" },
    { amountMinor: 100, currency: "XXX" },
    { amountMinor: 100, currency: "toString" },
    { amountMinor: 100 },
    { amountMinor: 100, currency: "EUR", cents: 0 },
  ])("%j is not money", (value) => {
    expect(Money.safeParse(value).success).toBe(false);
  });

  test("the largest amount is 2^53 − 1 and one more has no sum", () => {
    expect(add(euros(largest - 1), euros(1))).toEqual(euros(largest));
    expect(add(euros(largest), euros(1))).toBeNull();
    expect(multiply(euros(largest), 1)).toEqual(euros(largest));
    expect(multiply(euros(largest), 2)).toBeNull();
  });

  test("sums are exact or none", () => {
    fc.assert(
      fc.property(amount, amount, (left, right) => {
        expect(add(euros(left), euros(right))).toEqual(orNull(BigInt(left) + BigInt(right)));
      }),
    );
  });

  test("products are exact or none", () => {
    fc.assert(
      fc.property(amount, fc.nat(9_999), (each, pieces) => {
        expect(multiply(euros(each), pieces)).toEqual(orNull(BigInt(each) * BigInt(pieces)));
      }),
    );
  });

  test("amounts of two currencies have no sum and are not the same", () => {
    expect(() => add(euros(1), zero("JPY"))).toThrow(MixedCurrencies);
    expect(sameMoney(zero("EUR"), zero("JPY"))).toBe(false);
    expect(sameMoney(euros(1), euros(1))).toBe(true);
  });
});
