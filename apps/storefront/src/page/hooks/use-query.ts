import { useSyncExternalStore } from "react";
import type { CatalogueQuery } from "../../shop/catalogue-query.ts";
import { useShopPage } from "../shop-page.tsx";

export const useQuery = (): CatalogueQuery => {
  const { query } = useShopPage();
  return useSyncExternalStore(query.subscribe, query.getSnapshot);
};
