import type { Money } from "@cartwright/contracts/money";
import type { Quote } from "@cartwright/contracts/pricing-shapes";
import type { ReactElement } from "react";
import { Price } from "./price.tsx";

/** What it all comes to; its place is kept while that is not known. */
export const QuoteTotals = ({ quote }: { quote: Quote | null }): ReactElement => (
  <dl className="totals" aria-busy={quote === null}>
    {rowsOf(quote).map(({ label, amount }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{amount ? <Price money={amount} /> : "…"}</dd>
      </div>
    ))}
    <div className="totals-sum">
      <dt>Total</dt>
      <dd>{quote ? <Price money={quote.totals.total} /> : "…"}</dd>
    </div>
  </dl>
);

type Row = { readonly label: string; readonly amount: Money | null };

const rowsOf = (quote: Quote | null): readonly Row[] => {
  if (quote === null) return ["Goods", "Shipping", "Tax"].map((label) => ({ label, amount: null }));
  const { totals, tax } = quote;
  const { discount } = totals;
  return [
    { label: "Goods", amount: totals.subtotal },
    ...(discount.amountMinor > 0 ? [{ label: "Coupons", amount: { ...discount, amountMinor: -discount.amountMinor } }] : []),
    { label: "Shipping", amount: totals.shipping },
    { label: tax ? `${tax.name}, ${tax.isInclusive ? "included" : "on top"}` : "Tax", amount: totals.tax },
  ];
};
