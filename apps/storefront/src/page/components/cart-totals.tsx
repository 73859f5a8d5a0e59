import type { LiveCartView } from "@cartwright/client/live-cart-state";
import type { ReactElement } from "react";
import { countOf } from "../../shop/count-of.ts";
import { Price } from "./price.tsx";

export const CartTotals = ({ totals }: { totals: LiveCartView["totals"] }): ReactElement => (
  <dl className="totals">
    <dt>{countOf(totals.itemCount, "item")}</dt>
    <dd>{countOf(totals.lineCount, "product")}</dd>
    <dt className="totals-sum">Total</dt>
    <dd className="totals-sum">
      <Price money={totals.total} />
    </dd>
  </dl>
);
