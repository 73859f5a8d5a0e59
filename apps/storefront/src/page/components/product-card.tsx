import { memo, type ReactElement } from "react";
import type { CatalogueProduct } from "../../shop/catalogue-product.ts";
import { stockWords } from "../../shop/stock-words.ts";
import { useCartActions } from "../hooks/use-cart-actions.ts";
import { useHeldFocus } from "../hooks/use-held-focus.ts";
import { Icon } from "./icon.tsx";
import { Price } from "./price.tsx";
import { ProductImage } from "./product-image.tsx";
import { QuantityStepper } from "./quantity-stepper.tsx";

export type ProductCardProps = {
  readonly product: CatalogueProduct;
  /** Of it in the cart. */
  readonly quantity: number;
};

export const ProductCard = memo(({ product, quantity }: ProductCardProps): ReactElement => {
  const { productId, name, category, image, price, description, tags, left } = product;
  const actions = useCartActions();
  const held = useHeldFocus<HTMLDivElement>(quantity > 0 ? "button:last-child" : "button:not(:disabled)");
  const words = stockWords(left);
  const isSoldOut = left !== null && left <= 0;
  const addOne = () => actions.add(productId, { name, category, image, price });
  return (
    <li className="card" data-in-cart={quantity > 0}>
      <ProductImage image={image} />
      <div className="card-text">
        <p className="card-brand">{tags[0] ?? category}</p>
        <h3>{name}</h3>
        <p className="card-description">{description.split("\n")[0]}</p>
        {words && <p className="card-stock">{words}</p>}
      </div>
      <div className="card-buy" {...held}>
        <Price money={price} />
        {quantity > 0 ? (
          <QuantityStepper name={name} quantity={quantity} onMore={addOne} onSet={(next) => actions.setQuantity(productId, next)} />
        ) : (
          <button type="button" className="add" onClick={addOne} disabled={isSoldOut} aria-label={`Add ${name} to the cart`}>
            <Icon name="plus" />
            <span>Add</span>
          </button>
        )}
      </div>
    </li>
  );
});
