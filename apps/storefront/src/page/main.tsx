import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { CHECKOUT_PATH } from "../shop/checkout-address.ts";
import { App } from "./components/app.tsx";
import { CheckoutPage } from "./components/checkout-page.tsx";
import { openShopPage } from "./open-shop-page.ts";
import { ShopPageProvider } from "./shop-page.tsx";

const place = document.getElementById("shop");
if (!place) throw new Error("the page has no place for the shop");
const root = createRoot(place, {
  onUncaughtError(error) {
    reportError(error);
    place.textContent = "Something in this page is broken. Reload it, please: your cart is safe.";
  },
});
root.render(
  <StrictMode>
    <ShopPageProvider value={openShopPage()}>{location.pathname === CHECKOUT_PATH ? <CheckoutPage /> : <App />}</ShopPageProvider>
  </StrictMode>,
);
