import type { LiveCartView } from "@cartwright/client/live-cart-state";
import { memo, type ReactElement } from "react";
import { cartStockWords } from "../../shop/stock-words.ts";
import { useCartActions } from "../hooks/use-cart-actions.ts";
import type { LineNotice } from "../hooks/use-price-watch.ts";
import { CartLineNotice } from "./cart-line-notice.tsx";
import { Icon } from "./icon.tsx";
import { Price } from "./price.tsx";
import { ProductImage } from "./product-image.tsx";
import { QuantityStepper } from "./quantity-stepper.tsx";

export type CartLineProps = {
  readonly line: LiveCartView["items"][number];
  /** What has changed in the shop since it was added. */
  readonly notice: LineNotice | undefined;
  /** Pieces that can be bought now; null where nobody counts, or nobody has said it. */
  readonly left: number | null;
};

export const CartLine = memo(({ line, notice, left }: CartLineProps): ReactElement => {
  const { productId, name, category, image, quantity, unitPrice, lineTotal } = line;
  const actions = useCartActions();
  const stock = cartStockWords(quantity, left);
  const remove = () => actions.remove(productId);
  return (
    <li className="line">
      <ProductImage image={image} />
      <div className="line-text">
        <h3>{name}</h3>
        <p className="line-unit">
          <Price money={unitPrice} /> each
        </p>
        {notice && <CartLineNotice notice={notice} />}
        {stock && <p className="line-notice">{stock}</p>}
      </div>
      <button type="button" className="line-remove" onClick={remove} aria-label={`Remove ${name}`}>
        <Icon name="bin" />
      </button>
      <div className="line-buy">
        <QuantityStepper
          name={name}
          quantity={quantity}
          onMore={() => actions.add(productId, { name, category, image, price: unitPrice })}
          onSet={(next) => (next > 0 ? actions.setQuantity(productId, next) : remove())}
        />
        <p className="line-total">
          <Price money={lineTotal} />
        </p>
      </div>
    </li>
  );
});
