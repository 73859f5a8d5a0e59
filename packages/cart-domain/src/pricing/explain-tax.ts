import type { Explanation, ExplanationPart, ExplanationSource } from "@cartwright/contracts/explanation";
import type { Quote } from "@cartwright/contracts/pricing-shapes";

/** Whether the tax is on top of what is paid for, or in it already. */
export const taxEffect = ({ tax }: Quote): ExplanationPart["effect"] => (tax && !tax.isInclusive ? "added" : "held");

/** Why the tax is what it is: the rate, what it was taken of, how it was rounded, and what of it falls to each line and to the shipping. */
export const explainTax = ({ quote }: { readonly quote: Quote }): Explanation => {
  const { tax, lines, shipping, rounding } = quote;
  if (!tax) throw new TypeError("no tax is in force");
  const { amount, base, ratePpm, isInclusive } = tax;
  const source: ExplanationSource = { kind: "taxRate", id: tax.taxRateId, version: tax.version, events: [] };
  const of = isInclusive ? { ...base, amountMinor: base.amountMinor + amount.amountMinor } : base;
  const shares = [...lines.map((line, index) => ({ of: `lines.${index}.tax`, amount: line.tax }))];
  if (shipping) shares.push({ of: "shipping.tax", amount: shipping.tax });
  const calculation = { kind: "share", of: amount } as const;
  const parts = shares.map((share): ExplanationPart => ({ ...share, effect: "added", rule: "shareOfTax", source, calculation, parts: [] }));
  return {
    of: "tax.amount",
    amount,
    rule: isInclusive ? "taxInPrice" : "taxOnTop",
    source,
    calculation: { kind: "rate", ratePpm, of, isIncluded: isInclusive, rounding: rounding.tax },
    parts: [...parts, { ...explainBase(quote), effect: "held" }],
  };
};

/** What is taxed, without the tax: all lines, and the shipping where it is taxed, too. */
const explainBase = ({ tax, lines, shipping }: Quote): Explanation => {
  if (!tax) throw new TypeError("no tax is in force");
  const leaf = { source: null, calculation: null, parts: [] };
  const parts = lines.map(
    ({ total }, index): ExplanationPart => ({
      ...{ of: `lines.${index}.total`, amount: total, rule: "lineTotal", effect: "added" },
      ...leaf,
    }),
  );
  if (tax.onShipping && shipping)
    parts.push({ of: "shipping.total", amount: shipping.total, rule: "shippingTotal", effect: "added", ...leaf });
  const rule = tax.isInclusive ? "taxInPrice" : "taxOnTop";
  parts.push({ of: "tax.amount", amount: tax.amount, rule, effect: "takenOff", ...leaf });
  return { of: "tax.base", amount: tax.base, rule: "baseOfTax", source: null, calculation: null, parts };
};
