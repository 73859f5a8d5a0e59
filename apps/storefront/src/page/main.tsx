import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./components/app.tsx";
import { openShopPage } from "./open-shop-page.ts";
import { ShopPageProvider } from "./shop-page.tsx";

const root = document.getElementById("shop");
if (!root) throw new Error("the page has no place for the shop");
createRoot(root).render(
  <StrictMode>
    <ShopPageProvider value={openShopPage()}>
      <App />
    </ShopPageProvider>
  </StrictMode>,
);
