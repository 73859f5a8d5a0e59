import { ProductId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { Country, CouponCode, Quote, TaxRateId } from "@cartwright/contracts/pricing-shapes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestRemainder } from "./largest-remainder.ts";
import type { Pricing } from "./pricing.ts";
import { quoteOf } from "./quote-of.ts";
import { roundedDivision } from "./rounded-division.ts";
import { anAmount, aPricing, country, coupon, eur, line, percent, plain, shipping, taxRate } from "./spec.ts";
import { taxRateInForce } from "./tax-rate-in-force.ts";

const totalsOf = (pricing: Partial<Pricing>) => {
  const { subtotal, discount, shipping: shipped, tax, total } = quoteOf({ ...plain, ...pricing })?.totals ?? {};
  return [subtotal, discount, shipped, tax, total].map((money) => money?.amountMinor);
};

describe("a quote", () => {
  test("of lines alone is what they come to", () =>
    expect(totalsOf({ lines: [line(1_000, 2), line(1)] })).toEqual([2_001, 0, 0, 0, 2_001]));

  test("holds an inclusive tax and adds an exclusive one", () => {
    expect(totalsOf({ taxRate: taxRate(190_000, true) })).toEqual([1_000, 0, 0, 160, 1_000]);
    expect(totalsOf({ taxRate: taxRate(190_000, false) })).toEqual([1_000, 0, 0, 190, 1_190]);
  });

  test("of a hundred per cent off 17 % inclusive prices is exactly nothing", () =>
    expect(totalsOf({ lines: [line(1_647_059, 3)], coupons: [percent(1_000_000)], taxRate: taxRate(170_000, true) })).toEqual([
      ...[4_941_177, 4_941_177, 0, 0, 0],
    ]));

  test("takes one coupon after another, each off what is left, and never more than there is", () => {
    expect(totalsOf({ coupons: [percent(100_000), percent(100_000)] })).toEqual([1_000, 190, 0, 0, 810]);
    expect(totalsOf({ coupons: [coupon({ kind: "fixed", amounts: [eur(700)] }), coupon({ kind: "fixed", amounts: [eur(700)] })] })).toEqual(
      [...[1_000, 1_000, 0, 0, 0]],
    );
  });

  test("takes a coupon off its own products only", () => {
    const hats = coupon({ kind: "percentage", ratePpm: 500_000 }, { products: [ProductId.parse("hat")] });
    const quote = quoteOf({ ...plain, lines: [line(1_000), line(501, 1, "hat")], coupons: [hats] });
    expect(quote?.lines.map(({ discount }) => discount.amountMinor)).toEqual([0, 251]);
  });

  test("ships for nothing from where the method says so, by what the lines come to after discounts, or by a coupon", () => {
    const free = { shipping: shipping(490, [eur(1_000)]) };
    expect(totalsOf(free)).toEqual([1_000, 0, 0, 0, 1_000]);
    expect(totalsOf({ ...free, coupons: [percent(1)] })).toEqual([1_000, 0, 0, 0, 1_000]);
    expect(totalsOf({ ...free, coupons: [percent(100_000)] })).toEqual([1_000, 100, 490, 0, 1_390]);
    expect(totalsOf({ shipping: shipping(490), coupons: [coupon({ kind: "freeShipping" })] })).toEqual([1_000, 0, 0, 0, 1_000]);
  });

  test("whose shipping two coupons make free says so of the first alone, and of none where it was free already", () => {
    const twice = [coupon({ kind: "freeShipping" }), { ...coupon({ kind: "freeShipping" }), code: CouponCode.parse("D") }];
    const amounts = (freeFrom: readonly Money[]) => {
      const quote = quoteOf({ ...plain, shipping: shipping(490, freeFrom), coupons: twice });
      return { coupons: quote?.coupons.map(({ amount }) => amount), shipping: quote?.shipping };
    };
    expect(amounts([])).toMatchObject({ coupons: [eur(490), eur(0)], shipping: { list: eur(490), discount: eur(490), freeFrom: null } });
    expect(amounts([eur(900)])).toMatchObject({ coupons: [eur(0), eur(0)], shipping: { discount: eur(490), freeFrom: eur(900) } });
  });

  test("rounds discounts and taxes each by its own rule", () => {
    const half = { lines: [line(50)], coupons: [percent(10_000)], taxRate: taxRate(10_000, false) };
    const rounded = (discounts: "half-up" | "half-even", tax: "half-up" | "half-even") =>
      totalsOf({ ...half, rounding: { discounts, tax } }).slice(1, 4);
    // 1 % of 50 is a half; 1 % of 50 again, where nothing was taken off, too.
    expect([rounded("half-up", "half-even"), rounded("half-even", "half-up"), rounded("half-even", "half-even")]).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
  });

  test("that would be worth more than 2^53 − 1 is none: it is never rounded", () => {
    const most = { lines: [line(Number.MAX_SAFE_INTEGER)] };
    expect(totalsOf(most).at(-1)).toBe(Number.MAX_SAFE_INTEGER);
    expect(quoteOf({ ...plain, ...most, taxRate: taxRate(1, false) })).toBeNull();
  });
});

describe("half of a smallest unit", () => {
  test.each([
    ["half-up", [1n, 1n, 2n, 2n, 3n, 3n]],
    ["half-even", [0n, 1n, 2n, 2n, 2n, 3n]],
  ] as const)("goes %s", (rounding, expected) =>
    expect([1n, 2n, 3n, 4n, 5n, 6n].map((numerator) => roundedDivision(numerator, 2n, rounding))).toEqual([...expected]),
  );
});

test("of the rates of a country the one that began last is in force", () => {
  const at = (name: string, validFrom: string, validUntil: string | null = null) => ({
    ...taxRate(1, true),
    taxRateId: TaxRateId.parse(name),
    rate: {
      ...taxRate(1, true).rate,
      validFrom: Instant.parse(validFrom),
      validUntil: validUntil === null ? null : Instant.parse(validUntil),
    },
  });
  const rates = [
    at("old", "2020-01-01T00:00:00.000Z"),
    at("now", "2026-01-01T00:00:00.000Z", "2026-06-01T00:00:00.000Z"),
    at("next", "2027-01-01T00:00:00.000Z"),
  ];
  const inForce = (now: string) => taxRateInForce(rates, { country, now: Instant.parse(now) })?.taxRateId;
  expect(["2019-12-31", "2025-12-31", "2026-01-01", "2026-06-01", "2027-01-01"].map((day) => inForce(`${day}T00:00:00.000Z`))).toEqual([
    ...[undefined, "old", "now", "old", "next"],
  ]);
  expect(taxRateInForce(rates, { country: Country.parse("FR"), now: Instant.parse("2026-01-01T00:00:00.000Z") })).toBeNull();
});

const sum = (amounts: readonly Money[]) => amounts.reduce((all, { amountMinor }) => all + amountMinor, 0);

describe("whatever is bought", () => {
  test("the parts of a quote sum to the whole, and none is negative or a fraction", () =>
    fc.assert(
      fc.property(aPricing, (pricing) => {
        const quote = quoteOf(pricing);
        if (!quote) throw new Error("these amounts are all small enough");
        // The shape holds whole amounts from 0 to 2^53 − 1 only.
        Quote.parse(quote);
        const { lines, shipping: shipped, tax, totals } = quote;
        const onTop = tax && !tax.isInclusive ? tax.amount.amountMinor : 0;
        expect(sum(lines.map(({ list }) => list))).toBe(totals.subtotal.amountMinor);
        expect(sum(lines.map(({ discount }) => discount))).toBe(totals.discount.amountMinor);
        expect(sum([...lines.map((each) => each.tax), ...(shipped ? [shipped.tax] : [])])).toBe(totals.tax.amountMinor);
        expect(sum([...lines.map(({ total }) => total), ...(shipped ? [shipped.total] : [])])).toBe(totals.total.amountMinor);
        expect(totals.subtotal.amountMinor - totals.discount.amountMinor + totals.shipping.amountMinor + onTop).toBe(
          totals.total.amountMinor,
        );
        const [offShipping = [], offLines = []] = [true, false].map((isOffShipping) =>
          quote.coupons.filter(({ discount }) => (discount.kind === "freeShipping") === isOffShipping),
        );
        expect(sum(offLines.map(({ amount }) => amount))).toBe(totals.discount.amountMinor);
        for (const { discount, discounts } of lines) expect(sum(discounts.map(({ amount }) => amount))).toBe(discount.amountMinor);
        for (const { code, amount } of offLines)
          expect(sum(lines.flatMap(({ discounts }) => discounts.flatMap((each) => (each.code === code ? each.amount : []))))).toBe(
            amount.amountMinor,
          );
        const freed = shipped && !shipped.freeFrom ? shipped.discount.amountMinor : 0;
        expect(sum(offShipping.map(({ amount }) => amount))).toBe(freed);
        if (tax) {
          const taxed = sum(lines.map(({ total }) => total)) + (tax.onShipping && shipped ? shipped.total.amountMinor : 0);
          expect(tax.base.amountMinor + tax.amount.amountMinor).toBe(taxed);
        }
      }),
    ));

  test("the order of the lines changes no total", () =>
    fc.assert(
      fc.property(aPricing, (pricing) => {
        expect(quoteOf({ ...pricing, lines: pricing.lines.toReversed() })?.totals).toEqual(quoteOf(pricing)?.totals);
      }),
    ));

  test("a split by largest remainder sums to the amount and is off by less than one unit", () =>
    fc.assert(
      fc.property(anAmount, fc.array(anAmount, { minLength: 1, maxLength: 50 }), (amount, weights) => {
        const whole = weights.reduce((all, weight) => all + weight, 0);
        fc.pre(whole > 0);
        const shares = largestRemainder(amount, weights);
        expect(shares.reduce((all, share) => all + share, 0)).toBe(amount);
        for (const [index, share] of shares.entries()) {
          const exact = BigInt(amount) * BigInt(weights[index] ?? 0);
          expect(BigInt(share) * BigInt(whole) > exact - BigInt(whole) && BigInt(share) * BigInt(whole) < exact + BigInt(whole)).toBe(true);
        }
      }),
    ));
});
