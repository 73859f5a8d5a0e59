import { createContext, use } from "react";
import type { Catalogue } from "../shop/catalogue.ts";
import type { SeenProducts } from "../shop/seen-products.ts";
import type { Shop } from "../shop/shop.ts";
import type { CurrencyChoice } from "./currency-choice.ts";
import type { PageQuery } from "./page-query.ts";

/** All that the page shows and does, one for each window. */
export type ShopPage = {
  readonly shop: Shop;
  readonly catalogue: Catalogue;
  readonly query: PageQuery;
  readonly currency: CurrencyChoice;
  readonly seen: SeenProducts;
};

const Context = createContext<ShopPage | null>(null);

export const ShopPageProvider = Context.Provider;

export const useShopPage = (): ShopPage => {
  const page = use(Context);
  if (!page) throw new Error("nothing of the shop is shown outside of its page");
  return page;
};
