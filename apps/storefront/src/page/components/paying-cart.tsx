import type { LiveCartView } from "@cartwright/client/live-cart-state";
import { type ReactElement, useState } from "react";
import { checkoutWords, type ShopCheckout } from "../../shop/checkout-words.ts";
import { closedSentences } from "../../shop/refusal-sentence.ts";
import { useWords } from "../hooks/use-words.ts";
import { useShopPage } from "../shop-page.tsx";
import { Price } from "./price.tsx";
import { ProductImage } from "./product-image.tsx";

/** A cart that is being paid: what it holds, what is waited for, and the two ways out. */
export const PayingCart = ({ cart, checkout }: { cart: LiveCartView; checkout: ShopCheckout }): ReactElement => {
  const { shop } = useShopPage();
  const { count } = useWords();
  const [leaving, setLeaving] = useState(false);
  const { checkoutId, action, amount } = checkout;
  const { total, itemCount } = cart.totals;
  const besides = { ...amount, amountMinor: amount.amountMinor - total.amountMinor };
  const giveUp = () => {
    if (leaving) return;
    setLeaving(true);
    void shop.giveUp(checkoutId).finally(() => setLeaving(false));
  };
  return (
    <>
      <div className="paying" role="status">
        <p className="paying-title">{checkoutWords(checkout).title}</p>
        <p>{closedSentences.CheckingOut}</p>
        {action && (
          <a className="button primary" href={action.url}>
            Go to your bank
          </a>
        )}
      </div>
      <ul className="lines">
        {cart.items.map(({ productId, name, image, quantity, unitPrice, lineTotal }) => (
          <li className="line" key={productId}>
            <ProductImage image={image} />
            <div className="line-text">
              <h3>{name}</h3>
            </div>
            <div className="line-buy">
              <p className="line-unit">
                {quantity} × <Price money={unitPrice} />
              </p>
              <p className="line-total">
                <Price money={lineTotal} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      <dl className="totals">
        <dt>{count(itemCount, "item")}</dt>
        <dd>
          <Price money={total} />
        </dd>
        {besides.amountMinor !== 0 && (
          <>
            <dt>Shipping, taxes, coupons</dt>
            <dd>
              <Price money={besides} />
            </dd>
          </>
        )}
        <dt className="totals-sum">To pay</dt>
        <dd className="totals-sum">
          <Price money={amount} />
        </dd>
      </dl>
      <div className="cart-tools">
        <button type="button" className="quiet" onClick={giveUp} aria-disabled={leaving}>
          {leaving ? "Giving it up …" : "Give it up"}
        </button>
        <button type="button" className="quiet" onClick={() => void shop.startNewCart()}>
          Start a new cart
        </button>
      </div>
    </>
  );
};
