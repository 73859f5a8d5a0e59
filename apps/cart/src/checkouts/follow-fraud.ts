import { approveCheckout } from "@cartwright/cart-domain/approve-checkout";
import { failCheckout } from "@cartwright/cart-domain/fail-checkout";
import { type FraudEvent, fraudEvents } from "@cartwright/contracts/fraud-events";
import type { Consumer } from "@cartwright/messaging/consumer";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { type CheckoutReactionDeps, checkoutFollower, checkoutReaction } from "./checkout-reaction.ts";

/** Lets a checkout be paid, or ends it, as it was assessed. One that a person is to look at waits, until its deadline. */
export const followFraud =
  (deps: CheckoutReactionDeps) =>
  (feed: LogFeed): Consumer => {
    const react = checkoutReaction(deps);
    return checkoutFollower<FraudEvent>(deps, feed, {
      group: "cart.assessments",
      decode: fraudEvents.decode,
      handlers: {
        CheckoutAssessed: async ({ data: { cartId, checkoutId, decision } }, context) => {
          if (decision === "review") return undefined;
          return react(cartId, context, (cart, now) =>
            decision === "approved"
              ? approveCheckout({ checkoutId, now }, cart)
              : failCheckout({ checkoutId, reason: "Blocked", now }, cart),
          );
        },
      },
    });
  };
