import { failCheckout } from "@cartwright/cart-domain/fail-checkout";
import { placeOrder } from "@cartwright/cart-domain/place-order";
import {
  recordPaid,
  recordPaymentFailed,
  recordPaymentLost,
  recordRefunded,
  recordRefundReturned,
} from "@cartwright/cart-domain/record-order-payment";
import { requireAction } from "@cartwright/cart-domain/require-action";
import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import type { CheckoutFailure } from "@cartwright/contracts/checkout-shapes";
import type { CartId, CheckoutId } from "@cartwright/contracts/ids";
import type { Consumer } from "@cartwright/messaging/consumer";
import type { HandlerContext } from "@cartwright/messaging/handlers";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { type CheckoutReactionDeps, checkoutFollower, checkoutReaction } from "./checkout-reaction.ts";

type Of = { readonly data: { readonly cartId: CartId; readonly checkoutId: CheckoutId } };
type Context = HandlerContext<unknown>;

/**
 * Makes an order of what is paid, opens the cart again where it was not, and keeps account of what the order's money does. Each decision
 * looks at the cart as it is: what comes twice, late or out of order changes nothing.
 */
export const followBilling =
  (deps: CheckoutReactionDeps) =>
  (feed: LogFeed): Consumer => {
    const react = checkoutReaction(deps);
    const failing =
      (reason: CheckoutFailure) =>
      ({ data: { cartId, checkoutId } }: Of, context: Context) =>
        react(cartId, context, (cart, now) => failCheckout({ checkoutId, reason, now }, cart));
    /** What the provider held is gone: the checkout has failed, or the order that it was to pay will never be paid. */
    const losing =
      (reason: CheckoutFailure) =>
      ({ data: { cartId, checkoutId } }: Of, context: Context) =>
        react(cartId, context, (cart, now) =>
          cart.status === "Ordered" ? recordPaymentLost({ checkoutId, now }, cart) : failCheckout({ checkoutId, reason, now }, cart),
        );
    return checkoutFollower<BillingEvent>(deps, feed, {
      group: "cart.payments",
      decode: billingEvents.decode,
      handlers: {
        PaymentActionRequired: ({ data: { cartId, checkoutId, action } }, context) =>
          react(cartId, context, (cart, now) => requireAction({ checkoutId, action, now }, cart)),
        PaymentAuthorized: ({ data: { cartId, checkoutId } }, context) =>
          react(cartId, context, (cart, now) => placeOrder({ checkoutId, now }, cart)),
        PaymentMethodRefused: failing("PaymentMethodRefused"),
        PaymentDeclined: failing("PaymentDeclined"),
        PaymentFailed: losing("PaymentFailed"),
        PaymentExpired: losing("PaymentExpired"),
        PaymentVoided: losing("PaymentFailed"),
        PaymentCaptured: ({ data: { cartId, checkoutId, capturedTotal } }, context) =>
          react(cartId, context, (cart, now) => recordPaid({ checkoutId, paidTotal: capturedTotal, now }, cart)),
        PaymentCaptureFailed: ({ data: { cartId, checkoutId, code, attempt, isFinal } }, context) =>
          react(cartId, context, (cart, now) => recordPaymentFailed({ checkoutId, code, attempt, isFinal, now }, cart)),
        PaymentRefunded: ({ data: { cartId, checkoutId, capturedTotal, refundedTotal } }, context) =>
          react(cartId, context, (cart, now) => recordRefunded({ checkoutId, paidTotal: capturedTotal, refundedTotal, now }, cart)),
        // Where nothing had gone, the total is what the order knows.
        PaymentRefundFailed: ({ data: { cartId, checkoutId, refundedTotal } }, context) =>
          react(cartId, context, (cart, now) => recordRefundReturned({ checkoutId, refundedTotal, now }, cart)),
      },
    });
  };
