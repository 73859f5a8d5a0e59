import type { LiveCartView } from "@cartwright/client/live-cart-state";
import type { ReactElement } from "react";
import { useWords } from "../hooks/use-words.ts";
import { Price } from "./price.tsx";

export const CartTotals = ({ totals }: { totals: LiveCartView["totals"] }): ReactElement => {
  const { count } = useWords();
  return (
    <dl className="totals">
      <dt>{count(totals.itemCount, "item")}</dt>
      <dd>{count(totals.lineCount, "product")}</dd>
      <dt className="totals-sum">Total</dt>
      <dd className="totals-sum">
        <Price money={totals.total} />
      </dd>
    </dl>
  );
};
