import { formatMoney } from "@cartwright/contracts/format-money";
import type { Money } from "@cartwright/contracts/money";
import { useMemo } from "react";
import { countOf } from "../../shop/count-of.ts";
import type { Words } from "../../shop/refusal-sentence.ts";
import { useShopPage } from "../shop-page.tsx";

/** The shopper's words for products and money. */
export const useWords = (): Words => {
  const { shop, seen } = useShopPage();
  return useMemo(
    () => ({
      money: (money: Money) => formatMoney(money, navigator.language),
      count: (count: number, noun: string) => countOf(count, noun, navigator.language),
      nameOf: (productId) => {
        const lines = shop.getSnapshot().live.getSnapshot().cart?.items;
        return seen.getSnapshot().get(productId)?.name ?? lines?.find((line) => line.productId === productId)?.name;
      },
    }),
    [shop, seen],
  );
};
