import type { SeenProduct } from "@cartwright/client/cart-command";
import type { LiveCart } from "@cartwright/client/live-cart";
import type { Settled } from "@cartwright/client/live-cart-state";
import type { ProductId } from "@cartwright/contracts/ids";
import { useMemo } from "react";
import { useShopPage } from "../shop-page.tsx";

export type CartActions = {
  /** One more at the price that the shopper sees: if it has changed meanwhile, the shopper is told and nothing is added. */
  add(productId: ProductId, product: SeenProduct, quantity?: number): void;
  /** Zero removes the line. */
  setQuantity(productId: ProductId, quantity: number): void;
  remove(productId: ProductId): void;
  clear(): void;
  undo(): void;
};

/** What the shopper does to the cart of this window. */
export const useCartActions = (): CartActions => {
  const { shop } = useShopPage();
  return useMemo(() => {
    const tap = (act: (live: LiveCart) => Promise<Settled>) => shop.heed(act(shop.getSnapshot().live));
    return {
      add: (productId, product, quantity = 1) => tap((live) => live.addItem({ productId, product, quantity })),
      setQuantity: (productId, quantity) => tap((live) => live.setQuantity({ productId, quantity })),
      remove: (productId) => tap((live) => live.removeItem({ productId })),
      clear: () => tap((live) => live.clear()),
      undo: () => tap((live) => live.undo()),
    };
  }, [shop]);
};
