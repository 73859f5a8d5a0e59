import type { ReactElement } from "react";
import { CheckoutCard } from "./checkout-card.tsx";

/** What is not there, what is somebody else's, and what nobody here can have begun. */
export const UnknownCheckout = (): ReactElement => (
  <CheckoutCard tone="cut" title="There is no such checkout here">
    <p>
      Perhaps it was begun in another browser, or with another account: open this page there, or sign in to the shop first. What was paid is
      kept wherever you look.
    </p>
  </CheckoutCard>
);
