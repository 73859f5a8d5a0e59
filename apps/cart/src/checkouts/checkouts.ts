import { type CheckoutStatusDeps, checkoutStatus } from "./checkout-status.ts";
import { type StartCheckoutDeps, startCheckout } from "./start-checkout.ts";

/** What a caller may do about paying. What is not the caller's is answered as what is not there. */
export type Checkouts = ReturnType<typeof checkouts>;

export const checkouts = (deps: StartCheckoutDeps & CheckoutStatusDeps) => ({
  start: startCheckout(deps),
  status: checkoutStatus(deps),
});
