import type { ProductId } from "@cartwright/contracts/ids";
import { useSyncExternalStore } from "react";
import type { SeenFacts } from "../../shop/seen-products.ts";
import { useShopPage } from "../shop-page.tsx";

/** What is known of products, whatever is shown just now. */
export const useSeen = (): ReadonlyMap<ProductId, SeenFacts> => {
  const { seen } = useShopPage();
  return useSyncExternalStore(seen.subscribe, seen.getSnapshot);
};
