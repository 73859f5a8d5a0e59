import type { ReactElement } from "react";
import { countOf } from "../../shop/count-of.ts";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { Icon } from "./icon.tsx";
import { LiveStatus } from "./live-status.tsx";
import { Price } from "./price.tsx";

/** The cart in one line, where there is no room beside the shop. */
export const CartBar = ({ onOpen }: { onOpen(): void }): ReactElement => {
  const { cart } = useLiveCart();
  const totals = cart?.status === "Open" ? cart.totals : undefined;
  return (
    <div className="bar">
      <LiveStatus />
      <button type="button" className="primary" onClick={onOpen} aria-haspopup="dialog">
        <Icon name="bag" />
        {totals && totals.itemCount > 0 ? (
          <>
            {countOf(totals.itemCount, "item")} · <Price money={totals.total} />
          </>
        ) : (
          "Your cart"
        )}
      </button>
    </div>
  );
};
