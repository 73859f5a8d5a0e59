import type { Calculation, Explanation, QuoteExplanation } from "@cartwright/contracts/explanation";
import { Money } from "@cartwright/contracts/money";
import { plainQuote } from "@cartwright/contracts/plain-quote";
import type { Quote } from "@cartwright/contracts/pricing-shapes";
import { quoteOfV2 } from "@cartwright/contracts/quote-v2";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainQuote } from "./explain-quote.ts";
import type { Pricing } from "./pricing.ts";
import { quoteOf } from "./quote-of.ts";
import { roundedDivision } from "./rounded-division.ts";
import { aPricing, coupon, eur, line, percent, plain, shipping, taxRate } from "./spec.ts";

const quoted = (pricing: Partial<Pricing>): Quote => {
  const quote = quoteOf({ ...plain, ...pricing });
  if (!quote) throw new Error("these amounts are all small enough");
  return quote;
};
const explain = (quote: Quote) => explainQuote(quote, () => []);

/** Every amount of a quote by its path; not what its coupons' terms say, and not what stands in the calculations. */
const amountsIn = (value: unknown, path: string[] = []): readonly (readonly [string, Money])[] => {
  const money = Money.safeParse(value);
  if (money.success) return [[path.join("."), money.data]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const isTerm = path[0] === "coupons" && (name === "discount" || name === "base");
    return isTerm || name === "freeFrom" ? [] : amountsIn(inner, [...path, name]);
  });
};

const nodesOf = (explanation: Explanation): readonly Explanation[] => [explanation, ...explanation.parts.flatMap(nodesOf)];
const allNodes = ({ explanation, lines, shipping }: QuoteExplanation) =>
  [explanation, ...lines, ...(shipping ? [shipping] : [])].flatMap(nodesOf);

/** What a calculation comes to; null where that takes more than it says. */
const reckoned = (calculation: Calculation): number | null => {
  switch (calculation.kind) {
    case "pieces":
      return calculation.quantity * calculation.unitPrice.amountMinor;
    case "rate": {
      const ppm = BigInt(calculation.ratePpm);
      const whole = calculation.isIncluded ? 1_000_000n + ppm : 1_000_000n;
      return Number(roundedDivision(BigInt(calculation.of.amountMinor) * ppm, whole, calculation.rounding));
    }
    case "atMost":
      return Math.min(calculation.given.amountMinor, calculation.of.amountMinor);
    case "from":
      return calculation.of.amountMinor;
    case "share":
      return null;
  }
};

const expectExplained = (quote: Quote) => {
  const nodes = allNodes(explain(quote));
  const amounts = new Map(amountsIn(quote));
  for (const node of nodes) {
    // What a node explains is that amount of the quote.
    expect([node.of, node.amount]).toEqual([node.of, amounts.get(node.of)]);
    const counted = node.parts.filter(({ effect }) => effect !== "held");
    const sum = counted.reduce((all, { effect, amount }) => all + (effect === "added" ? 1 : -1) * amount.amountMinor, 0);
    if (counted.length > 0) expect([node.of, sum]).toEqual([node.of, node.amount.amountMinor]);
    const alone = node.calculation && reckoned(node.calculation);
    if (alone !== null) expect([node.of, alone]).toEqual([node.of, node.amount.amountMinor]);
  }
  expect([...amounts.keys()].filter((path) => !nodes.some(({ of }) => of === path))).toEqual([]);
};

describe("an explanation", () => {
  test("has every amount of whatever is bought, each the sum of its parts or reckoned again from what it says", () =>
    fc.assert(fc.property(aPricing, (pricing) => expectExplained(quoted(pricing)))));

  test.each<[string, Partial<Pricing>]>([
    ["a tax in the prices, on the shipping too", { taxRate: taxRate(190_000, true), shipping: shipping(490) }],
    ["a tax on top", { taxRate: taxRate(190_000, false), shipping: shipping(490) }],
    ["a fixed amount off", { coupons: [coupon({ kind: "fixed", amounts: [eur(5_000)] })] }],
    ["shipping that a coupon makes free", { shipping: shipping(490), coupons: [coupon({ kind: "freeShipping" })] }],
    ["nothing but lines", {}],
  ])("holds of %s", (_what, pricing) => expectExplained(quoted(pricing)));

  test("says from where shipping was free, and by which version of the method", () => {
    const { shipping: explained } = explain(quoted({ shipping: shipping(490, [eur(900)]) }));
    expect(explained).toMatchObject({
      ...{ of: "shipping.total", amount: eur(0), rule: "shippingTotal" },
      parts: [
        { effect: "added", amount: eur(490), rule: "shippingPrice", source: { kind: "shippingMethod", id: "standard", version: 2 } },
        { effect: "takenOff", amount: eur(490), rule: "freeShippingFrom", calculation: { kind: "from", limit: eur(900), of: eur(490) } },
        { effect: "held", amount: eur(0), rule: "shareOfTax" },
      ],
    });
  });

  test("says of a line which coupon took what, of which rate what was rounded how, and which version of the product it was", () => {
    const quote = quoted({
      ...{ lines: [line(1_000), line(501, 1, "hat")], coupons: [percent(100_000)], taxRate: taxRate(190_000, true) },
      rounding: { discounts: "half-even", tax: "half-up" },
    });
    const { explanation, lines } = explain(quote);
    expect(lines[1]).toMatchObject({
      ...{ of: "lines.1.total", rule: "lineTotal", amount: eur(451) },
      parts: [
        { of: "lines.1.list", calculation: { kind: "pieces", quantity: 1 }, source: { kind: "product", id: "hat", version: 4 } },
        { of: "lines.1.discount", parts: [{ rule: "shareOfDiscount", amount: eur(50), source: { kind: "coupon", version: 1 } }] },
        { of: "lines.1.tax", effect: "held", calculation: { kind: "share", of: eur(216) } },
      ],
    });
    const rounded = nodesOf(explanation).flatMap(({ rule, calculation }) =>
      calculation?.kind === "rate" ? [[rule, calculation.rounding]] : [],
    );
    expect(rounded).toEqual([
      ["percentageOff", "half-even"],
      ["taxInPrice", "half-up"],
    ]);
  });

  test("of an order of before it was written down says what is known", () => {
    const lines = [{ productId: line(1).productId, quantity: 2, unitPrice: eur(1_000) }];
    expectExplained(plainQuote(lines, eur(2_000)));
    const { shipping: shipped, rounding: _, lines: _lines, coupons: _coupons, ...old } = quoted({ shipping: shipping(490) });
    const { freeFrom: __, ...shippedV2 } = shipped ?? {};
    const off = { list: eur(1_000), discount: eur(300), tax: eur(0), total: eur(700) };
    const fixed = {
      version: 1,
      discount: { kind: "fixed", amounts: [eur(150)] },
      amount: eur(150),
      maxUses: null,
      maxUsesPerCustomer: null,
    };
    const two = ["A", "B"].map((code) => ({ ...fixed, code }));
    const totals = { ...old.totals, discount: eur(300), total: eur(1_190) };
    expectExplained(
      quoteOfV2({
        ...old,
        totals,
        rounding: "half-up",
        shipping: shippedV2,
        lines: [{ ...lines[0], quantity: 1, ...off }],
        coupons: two,
      } as never),
    );
  });
});
