import type { Currency } from "@cartwright/contracts/currency";
import { useSyncExternalStore } from "react";
import { useShopPage } from "../shop-page.tsx";

export const useCurrency = (): Currency => {
  const { currency } = useShopPage();
  return useSyncExternalStore(currency.subscribe, currency.getSnapshot);
};
