import type { LiveCartView } from "@cartwright/client/live-cart-state";
import type { ReactElement } from "react";
import { checkoutPageOf } from "../../shop/checkout-address.ts";
import { closedSentences } from "../../shop/refusal-sentence.ts";
import { useShopPage } from "../shop-page.tsx";

/** A cart that takes nothing any more: why, and how to go on. */
export const ClosedCart = ({ cart }: { cart: LiveCartView }): ReactElement | null => {
  const { shop } = useShopPage();
  const { status, checkout } = cart;
  if (status === "Open" || status === "CheckingOut") return null;
  return (
    <div className="cart-empty">
      <p>{closedSentences[status]}</p>
      <button type="button" className="primary" onClick={() => void shop.startNewCart()}>
        Start a new cart
      </button>
      {status === "Ordered" && checkout && (
        <a className="link" href={checkoutPageOf(checkout.checkoutId)}>
          See the order
        </a>
      )}
    </div>
  );
};
