import { useEffect, useState } from "react";
import { useShopPage } from "../shop-page.tsx";
import { useCurrency } from "./use-currency.ts";
import { useShop } from "./use-shop.ts";

/** The categories to choose from; none until they are known. @param ask changes when it is worth asking again. */
export const useCategories = (ask: boolean): readonly string[] => {
  const { seen } = useShopPage();
  const { api } = useShop();
  const currency = useCurrency();
  const [categories, setCategories] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!ask) return;
    const leaving = new AbortController();
    api.overview(currency, leaving.signal).then(
      (products) => {
        seen.see(products);
        setCategories([...new Set(products.flatMap(({ category }) => category ?? []))].sort());
      },
      () => {},
    );
    return () => leaving.abort();
  }, [api, seen, currency, ask]);
  return categories;
};
