import { useEffect, useState } from "react";
import { useCurrency } from "./use-currency.ts";
import { useShop } from "./use-shop.ts";

/** The categories to choose from; none until they are known. @param ask changes when it is worth asking again. */
export const useCategories = (ask: boolean): readonly string[] => {
  const { api } = useShop();
  const currency = useCurrency();
  const [categories, setCategories] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!ask) return;
    const leaving = new AbortController();
    api.categories(currency, leaving.signal).then(setCategories, () => {});
    return () => leaving.abort();
  }, [api, currency, ask]);
  return categories;
};
