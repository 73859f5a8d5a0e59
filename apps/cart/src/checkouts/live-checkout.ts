import { checkoutView } from "@cartwright/cart-domain/view-of";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import type { CheckoutView } from "@cartwright/contracts/checkout-shapes";
import { CheckoutId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { shownCheckout } from "../carts/shown-cart.ts";
import type { LiveCartDeps } from "../live/live-cart.ts";
import { type LiveStep, liveSteps } from "../live/live-steps.ts";
import { checkoutAsItIs } from "./checkout-as-it-is.ts";
import { type CheckoutStatusReply, checkoutStatus } from "./checkout-status.ts";

export const LiveCheckout = z.strictObject({
  checkoutId: CheckoutId,
  /** The version that the subscriber has. */
  lastEventId: z.string().max(100).optional(),
  /** Why support looks. */
  reason: lineOfText(500).optional(),
});
export type LiveCheckout = z.output<typeof LiveCheckout>;

/** The checkout as it is, and whole again whenever it has come further, tracked by the cart's version, until the signal aborts. */
export const liveCheckout =
  (deps: LiveCartDeps) =>
  async (caller: Caller, input: LiveCheckout, signal: AbortSignal): Promise<Answer<AsyncIterable<LiveStep<CheckoutStatusReply>>>> => {
    const { checkoutId, lastEventId, reason } = input;
    const status = await checkoutStatus(deps)(caller, { checkoutId, ...(reason !== undefined && { reason }) });
    if (!status.ok) return status;
    const cartId = cartOfCheckout(checkoutId);
    const streamId = cartStreamId(cartId);
    const { log, handler } = deps;
    const told = (view: CheckoutView): CheckoutStatusReply => ({ cartId, ...shownCheckout(view) });
    const steps = liveSteps<CheckoutStatusReply>({
      ...{ streamId, log, handler, feed: deps.hub.join(streamId, signal), lastEventId },
      viewOf: async (cart, _version, event) => {
        if (event && !event.type.startsWith("Checkout") && event.type !== "OrderPlaced") return null;
        const checkout = cart.status === "Absent" ? null : cart.checkout;
        if (checkout?.checkoutId === checkoutId) return told(checkoutView(checkout));
        if (event) return null;
        // Another attempt has followed: this one is over, and was not yet, perhaps, when its status was asked for above.
        const ended = await checkoutAsItIs(deps, checkoutId);
        return ended && told(ended);
      },
    });
    return { ok: true, value: steps };
  };
