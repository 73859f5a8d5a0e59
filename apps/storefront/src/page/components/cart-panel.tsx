import type { ReactElement } from "react";
import { checkoutWords } from "../../shop/checkout-words.ts";
import { useCartActions } from "../hooks/use-cart-actions.ts";
import { useHeldFocus } from "../hooks/use-held-focus.ts";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { usePriceWatch } from "../hooks/use-price-watch.ts";
import { useSeen } from "../hooks/use-seen.ts";
import { CartLine } from "./cart-line.tsx";
import { CartTotals } from "./cart-totals.tsx";
import { CheckOut } from "./check-out.tsx";
import { ClosedCart } from "./closed-cart.tsx";
import { EmptyCart } from "./empty-cart.tsx";
import { Icon } from "./icon.tsx";
import { LiveStatus } from "./live-status.tsx";
import { PayingCart } from "./paying-cart.tsx";

/** The cart, to be looked through and changed. */
export const CartPanel = (): ReactElement => {
  const { cart, loaded } = useLiveCart();
  const actions = useCartActions();
  const notices = usePriceWatch();
  const seen = useSeen();
  // A line or a tool that is gone leaves the focus where the cart begins.
  const held = useHeldFocus<HTMLElement>("#cart-heading");
  const items = cart?.status === "Open" ? cart.items : [];

  return (
    <section className="cart" aria-labelledby="cart-heading" {...held}>
      <header className="cart-head">
        <h2 id="cart-heading" tabIndex={-1}>
          Your cart
        </h2>
        <LiveStatus />
      </header>
      {cart && cart.status !== "Open" ? (
        cart.status === "CheckingOut" && cart.checkout ? (
          <PayingCart cart={cart} checkout={cart.checkout} />
        ) : (
          <ClosedCart cart={cart} />
        )
      ) : (
        <>
          {cart?.checkout?.status === "Failed" && items.length > 0 && <p className="cart-word">{checkoutWords(cart.checkout).text}</p>}
          {items.length === 0 && <EmptyCart loaded={loaded} />}
          <ul className="lines">
            {items.map((line) => (
              <CartLine
                key={line.productId}
                line={line}
                notice={notices.get(line.productId)}
                left={seen.get(line.productId)?.left ?? null}
              />
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
          {cart && items.length > 0 && <CheckOut currency={cart.currency} />}
        </>
      )}
    </section>
  );
};
