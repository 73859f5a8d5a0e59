import type { ProductSnapshot } from "@cartwright/contracts/cart-shapes";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";

/** What a shopper does to a live cart. */
export type CartCommand =
  | {
      readonly type: "addItem";
      readonly productId: ProductId;
      /** 1 or more. */
      readonly quantity: number;
      /**
       * The product as the shopper saw it, such as an item of `catalog.list`. Without it a product that is not in the cart yet is shown
       * only once the service has answered. With it the service refuses (`PriceChanged`) to add at any other price.
       */
      readonly product?: SeenProduct;
    }
  /** Zero removes the line. */
  | { readonly type: "setQuantity"; readonly productId: ProductId; readonly quantity: number }
  | { readonly type: "removeItem"; readonly productId: ProductId }
  | { readonly type: "clear" }
  /** Brings back what was removed last. */
  | { readonly type: "undo" }
  | { readonly type: "cancel" };

export type SeenProduct = Readonly<ProductSnapshot> & { readonly price: Money };

export type CommandOf<Type extends CartCommand["type"]> = Extract<CartCommand, { type: Type }>;
