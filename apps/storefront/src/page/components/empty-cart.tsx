import type { ReactElement } from "react";
import { Icon } from "./icon.tsx";

export const EmptyCart = ({ loaded }: { loaded: boolean }): ReactElement => (
  <div className="cart-empty">
    <Icon name="bag" />
    <p>{loaded ? "Nothing in it yet. Open the shop in a second window, and watch both." : "Looking for your cart …"}</p>
  </div>
);
