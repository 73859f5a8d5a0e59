import type { Currency } from "@cartwright/contracts/currency";
import { type ReactElement, useSyncExternalStore } from "react";
import { useCurrency } from "../hooks/use-currency.ts";
import { useShopPage } from "../shop-page.tsx";

/** In which currency prices are shown: one of those that the products on the page are sold in. */
export const CurrencySelect = (): ReactElement => {
  const page = useShopPage();
  const chosen = useCurrency();
  const { items } = useSyncExternalStore(page.catalogue.subscribe, page.catalogue.getSnapshot);
  const offered = [...new Set([chosen, ...items.flatMap(({ prices }) => prices.map(({ currency }) => currency))])].sort();
  return (
    <label className="select">
      <span className="visually-hidden">Currency</span>
      {/* Its options are currencies. */}
      <select value={chosen} onChange={(event) => page.currency.choose(event.target.value as Currency)}>
        {offered.map((currency) => (
          <option key={currency} value={currency}>
            {currency}
          </option>
        ))}
      </select>
    </label>
  );
};
