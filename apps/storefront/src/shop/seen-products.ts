import type { ProductId } from "@cartwright/contracts/ids";
import type { CatalogueProduct } from "./catalogue-product.ts";
import { observable } from "./observable.ts";

/** What the page knows of products that it was told of, whatever it shows just now. */
export type SeenProducts = {
  subscribe(listener: () => void): () => void;
  getSnapshot(): ReadonlyMap<ProductId, SeenFacts>;
  see(products: readonly SeenProduct[]): void;
};

export type SeenFacts = Pick<CatalogueProduct, "name" | "left">;
type SeenProduct = SeenFacts & Pick<CatalogueProduct, "productId">;

export const seenProducts = (): SeenProducts => {
  const state = observable<ReadonlyMap<ProductId, SeenFacts>>(new Map());
  return {
    subscribe: state.subscribe,
    getSnapshot: state.get,
    see(products) {
      const before = state.get();
      const news = products.filter(({ productId, name, left }) => {
        const known = before.get(productId);
        return known?.name !== name || known.left !== left;
      });
      if (news.length > 0)
        state.set(new Map([...before, ...news.map(({ productId, name, left }) => [productId, { name, left }] as const)]));
    },
  };
};
