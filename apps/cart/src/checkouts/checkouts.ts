import { cancelCheckout } from "@cartwright/cart-domain/cancel-checkout";
import { confirmAction } from "@cartwright/cart-domain/confirm-action";
import type { LiveCartDeps } from "../live/live-cart.ts";
import { explainCart } from "../quotes/explain-cart.ts";
import { quoteCart } from "../quotes/quote-cart.ts";
import { checkoutCommand } from "./checkout-command.ts";
import { type CheckoutStatusDeps, checkoutStatus } from "./checkout-status.ts";
import { liveCheckout } from "./live-checkout.ts";
import { type StartCheckoutDeps, startCheckout } from "./start-checkout.ts";

/** What a caller may do about paying. What is not the caller's is answered as what is not there. */
export type Checkouts = ReturnType<typeof checkouts>;

export const checkouts = (deps: StartCheckoutDeps & CheckoutStatusDeps & LiveCartDeps) => ({
  quote: quoteCart(deps),
  explain: explainCart(deps),
  start: startCheckout(deps),
  status: checkoutStatus(deps),
  live: liveCheckout(deps),
  /** The shopper came back from what the provider wanted of them. */
  confirmAction: checkoutCommand("confirmAction", confirmAction)(deps),
  cancel: checkoutCommand("cancelCheckout", cancelCheckout)(deps),
});
