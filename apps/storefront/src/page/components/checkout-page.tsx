import type { ReactElement } from "react";
import { checkoutAddressOf } from "../../shop/checkout-address.ts";
import { useShopPage } from "../shop-page.tsx";
import { CheckoutProgress } from "./checkout-progress.tsx";
import { Logo } from "./logo.tsx";
import { UnknownCheckout } from "./unknown-checkout.tsx";

/** Where a shopper comes to from their bank: how their checkout stands. */
export const CheckoutPage = (): ReactElement => {
  const { shop } = useShopPage();
  const { checkoutId, isBack } = checkoutAddressOf(location.search);
  return (
    <>
      <header className="top">
        <Logo />
      </header>
      <main className="checkout">
        {checkoutId && shop.isKnown() ? <CheckoutProgress checkoutId={checkoutId} isBack={isBack} /> : <UnknownCheckout />}
      </main>
    </>
  );
};
