import { type ReactElement, useRef } from "react";
import { closedSentences } from "../../shop/refusal-sentence.ts";
import { useCartActions } from "../hooks/use-cart-actions.ts";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { usePriceWatch } from "../hooks/use-price-watch.ts";
import { useShopPage } from "../shop-page.tsx";
import { CartLine } from "./cart-line.tsx";
import { CartTotals } from "./cart-totals.tsx";
import { EmptyCart } from "./empty-cart.tsx";
import { Icon } from "./icon.tsx";
import { LiveStatus } from "./live-status.tsx";

/** The cart, to be looked through and changed. */
export const CartPanel = (): ReactElement => {
  const { shop } = useShopPage();
  const { cart, loaded } = useLiveCart();
  const actions = useCartActions();
  const notices = usePriceWatch();
  const heading = useRef<HTMLHeadingElement>(null);
  const items = cart?.status === "Open" ? cart.items : [];

  return (
    <section className="cart" aria-labelledby="cart-heading">
      <header className="cart-head">
        <h2 id="cart-heading" ref={heading} tabIndex={-1}>
          Your cart
        </h2>
        <LiveStatus />
      </header>
      {cart && cart.status !== "Open" ? (
        <div className="cart-empty">
          <p>{closedSentences[cart.status]}</p>
          <button type="button" className="primary" onClick={() => void shop.startNewCart()}>
            Start a new cart
          </button>
        </div>
      ) : (
        <>
          {items.length === 0 && <EmptyCart loaded={loaded} />}
          <ul className="lines">
            {items.map((line) => (
              <CartLine key={line.productId} line={line} notice={notices.get(line.productId)} onRemoved={() => heading.current?.focus()} />
            ))}
          </ul>
          <div className="cart-tools">
            {cart?.canUndo && (
              <button type="button" className="quiet" onClick={actions.undo}>
                <Icon name="undo" />
                Bring back what was removed
              </button>
            )}
            {items.length > 0 && (
              <button type="button" className="quiet" onClick={actions.clear}>
                Empty the cart
              </button>
            )}
          </div>
          {cart && items.length > 0 && <CartTotals totals={cart.totals} />}
        </>
      )}
    </section>
  );
};
