import { type ReactElement, useState } from "react";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { useMedia } from "../hooks/use-media.ts";
import { Announcer } from "./announcer.tsx";
import { CartBar } from "./cart-bar.tsx";
import { CartPanel } from "./cart-panel.tsx";
import { CartSheet } from "./cart-sheet.tsx";
import { CatalogueFilters } from "./catalogue-filters.tsx";
import { Messages } from "./messages.tsx";
import { ProductGrid } from "./product-grid.tsx";
import { ShopHeader } from "./shop-header.tsx";

export const App = (): ReactElement => {
  const wide = useMedia("(min-width: 60rem)");
  const { status } = useLiveCart();
  const [sheet, setSheet] = useState(false);
  const sheetOpen = sheet && !wide;
  return (
    <>
      <a className="skip" href="#products">
        Skip to the products
      </a>
      <ShopHeader />
      <div className="columns">
        <main id="products" tabIndex={-1}>
          <div className="hero">
            <h1>One cart, wherever you are.</h1>
            <p>Every window and every device shows the same cart, at once. Without a network it keeps what you do.</p>
          </div>
          <h2 className="visually-hidden">Products</h2>
          <CatalogueFilters reachable={status !== "offline"} />
          <ProductGrid />
        </main>
        {wide && (
          <aside className="side">
            <CartPanel />
          </aside>
        )}
      </div>
      {!sheetOpen && <Messages />}
      <Announcer />
      {!wide && <CartBar onOpen={() => setSheet(true)} />}
      {sheetOpen && <CartSheet onClose={() => setSheet(false)} />}
    </>
  );
};
