import { useEffect, useSyncExternalStore } from "react";
import type { CatalogueState } from "../../shop/catalogue.ts";
import { useShopPage } from "../shop-page.tsx";
import { useCurrency } from "./use-currency.ts";
import { useQuery } from "./use-query.ts";

/** The products that the shopper looks for, in the currency that was chosen. */
export const useCatalogue = (): CatalogueState => {
  const { catalogue } = useShopPage();
  const query = useQuery();
  const currency = useCurrency();
  const state = useSyncExternalStore(catalogue.subscribe, catalogue.getSnapshot);

  useEffect(() => {
    const timer = setTimeout(() => catalogue.show(query, currency), catalogue.getSnapshot().status === "idle" ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [catalogue, query, currency]);

  useEffect(() => {
    // Prices may have changed while nobody looked, and a network that is back answers what it did not.
    const look = () => {
      if (document.visibilityState === "visible") catalogue.refresh();
    };
    addEventListener("online", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("online", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [catalogue]);

  return state;
};

/** Within which letters that are typed count as one question. */
const TYPING_MS = 120;
