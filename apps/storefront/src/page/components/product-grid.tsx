import { type ReactElement, useCallback } from "react";
import { useAwayRetry } from "../hooks/use-away-retry.ts";
import { useCatalogue } from "../hooks/use-catalogue.ts";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { useOnline } from "../hooks/use-online.ts";
import { useWords } from "../hooks/use-words.ts";
import { useShopPage } from "../shop-page.tsx";
import { ProductCard } from "./product-card.tsx";

export const ProductGrid = (): ReactElement => {
  const { catalogue, query } = useShopPage();
  const { items, status, hasMore, isOther, isAway } = useCatalogue();
  const { cart, status: liveStatus } = useLiveCart();
  const online = useOnline();
  const { count } = useWords();
  const isCut = isOther && (isAway || liveStatus === "offline" || !online);
  const inCart = new Map(cart?.status === "Open" ? cart.items.map((line) => [line.productId, line.quantity]) : []);
  useAwayRetry(
    status === "away",
    useCallback(() => catalogue.refresh(), [catalogue]),
  );

  if (items.length === 0 && status !== "shown") return status === "away" ? <CatalogueAway /> : <Skeletons />;
  return (
    <>
      <p className="visually-hidden" role="status">
        {status === "shown" &&
          (items.length === 0 ? "Nothing was found" : `${count(items.length, "product")}${hasMore ? ", and more" : ""}`)}
      </p>
      {items.length === 0 && (
        <div className="nothing">
          <p>Nothing here goes by that name.</p>
          <button type="button" className="quiet" onClick={() => query.set({ text: "", category: null })}>
            Show everything
          </button>
        </div>
      )}
      {isCut && (
        <p className="grid-word" role="status">
          The shop cannot be reached just now: this is what was shown before, and not what you look for. It is tried again every few
          seconds.
        </p>
      )}
      <ul className="grid" aria-busy={status === "loading" || isCut} data-other={isCut}>
        {items.map((product) => (
          <ProductCard key={product.productId} product={product} quantity={inCart.get(product.productId) ?? 0} />
        ))}
      </ul>
      {hasMore && (
        <button type="button" className="quiet more" onClick={() => catalogue.more()} disabled={status === "loading"}>
          Show more
        </button>
      )}
    </>
  );
};

const CatalogueAway = (): ReactElement => (
  <div className="nothing" role="status">
    <p>The shop cannot be reached just now. It is tried again every few seconds.</p>
  </div>
);

const Skeletons = (): ReactElement => (
  <ul className="grid" aria-hidden="true">
    {Array.from({ length: 8 }, (_, index) => (
      <li className="card skeleton" key={index}>
        <div className="picture" />
        <div className="card-text" />
      </li>
    ))}
  </ul>
);
