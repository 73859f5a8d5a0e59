import type { ReactElement } from "react";
import { useLiveCart } from "../hooks/use-live-cart.ts";
import { useWords } from "../hooks/use-words.ts";
import { Icon } from "./icon.tsx";
import { LiveStatus } from "./live-status.tsx";
import { Price } from "./price.tsx";

/** The cart in one line, where there is no room beside the shop. */
export const CartBar = ({ onOpen }: { onOpen(): void }): ReactElement => {
  const { cart } = useLiveCart();
  const { count } = useWords();
  const isPaying = cart?.status === "CheckingOut";
  const totals = cart?.status === "Open" ? cart.totals : undefined;
  return (
    <div className="bar">
      <LiveStatus />
      <button type="button" className="primary" onClick={onOpen} aria-haspopup="dialog">
        <Icon name="bag" />
        {totals && totals.itemCount > 0 ? (
          <span className="bar-sum">
            <span>{count(totals.itemCount, "item")}</span>
            <span className="bar-dot"> · </span>
            <Price money={totals.total} />
          </span>
        ) : isPaying ? (
          "Being paid"
        ) : (
          "Your cart"
        )}
      </button>
    </div>
  );
};
