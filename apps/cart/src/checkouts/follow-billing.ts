import { failCheckout } from "@cartwright/cart-domain/fail-checkout";
import { placeOrder } from "@cartwright/cart-domain/place-order";
import { recordPaid } from "@cartwright/cart-domain/record-order-payment";
import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import type { Consumer } from "@cartwright/messaging/consumer";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { type CheckoutReactionDeps, checkoutFollower, checkoutReaction } from "./checkout-reaction.ts";

/** Makes an order of what is paid, opens the cart again where it was not, and keeps account of what the order's money does. */
export const followBilling =
  (deps: CheckoutReactionDeps) =>
  (feed: LogFeed): Consumer => {
    const react = checkoutReaction(deps);
    return checkoutFollower<BillingEvent>(deps, feed, {
      group: "cart.payments",
      decode: billingEvents.decode,
      handlers: {
        PaymentAuthorized: ({ data: { cartId, checkoutId } }, context) =>
          react(cartId, context, (cart, now) => placeOrder({ checkoutId, now }, cart)),
        PaymentMethodRefused: ({ data: { cartId, checkoutId } }, context) =>
          react(cartId, context, (cart, now) => failCheckout({ checkoutId, reason: "PaymentMethodRefused", now }, cart)),
        PaymentDeclined: ({ data: { cartId, checkoutId } }, context) =>
          react(cartId, context, (cart, now) => failCheckout({ checkoutId, reason: "PaymentDeclined", now }, cart)),
        PaymentCaptured: ({ data: { cartId, checkoutId, amount } }, context) =>
          react(cartId, context, (cart, now) => recordPaid({ checkoutId, paidTotal: amount, now }, cart)),
      },
    });
  };
