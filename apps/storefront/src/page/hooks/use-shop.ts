import { useSyncExternalStore } from "react";
import type { ShopState } from "../../shop/shop.ts";
import { useShopPage } from "../shop-page.tsx";

export const useShop = (): ShopState => {
  const { shop } = useShopPage();
  return useSyncExternalStore(shop.subscribe, shop.getSnapshot);
};
