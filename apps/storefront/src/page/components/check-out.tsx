import type { Currency } from "@cartwright/contracts/currency";
import { type ReactElement, useState } from "react";
import { demonstrationCards } from "../demonstration-checkout.ts";
import { OrderDialog } from "./order-dialog.tsx";

/** The way to pay; where there are no test cards, the word that it is not here. */
export const CheckOut = ({ currency }: { currency: Currency }): ReactElement => {
  const [open, setOpen] = useState(false);
  if (demonstrationCards.length === 0)
    return <p className="cart-foot">There is no button to pay by here: the API does it, with the commands in the README.</p>;
  return (
    <div className="cart-pay">
      <button type="button" className="primary" onClick={() => setOpen(true)} aria-haspopup="dialog">
        Check out
      </button>
      {open && <OrderDialog currency={currency} onClose={() => setOpen(false)} />}
    </div>
  );
};
