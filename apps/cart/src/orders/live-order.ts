import { orderViewOf } from "@cartwright/cart-domain/order-view-of";
import { OrderId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { recordLook } from "../carts/support-reads.ts";
import type { LiveCartDeps } from "../live/live-cart.ts";
import { type LiveStep, liveSteps } from "../live/live-steps.ts";
import { cartOfOrder, orderStreamId } from "./order-of.ts";
import { type ShownOrder, shownOrder } from "./shown-order.ts";

export const LiveOrder = z.strictObject({
  orderId: OrderId,
  /** The version that the subscriber has. */
  lastEventId: z.string().max(100).optional(),
  /** Why support looks. */
  reason: lineOfText(500).optional(),
});
export type LiveOrder = z.output<typeof LiveOrder>;

/** The order as it is, and whole again whenever it has changed, tracked by the cart's version, until the signal aborts. */
export const liveOrder =
  (deps: LiveCartDeps) =>
  async (caller: Caller, input: LiveOrder, signal: AbortSignal): Promise<Answer<AsyncIterable<LiveStep<ShownOrder>>>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const found = await cartOfOrder(deps, input.orderId, access.value);
    if (!found.ok) return found;
    await recordLook(deps, { caller, access: access.value, question: "order" }, found.cart);
    const streamId = orderStreamId(input.orderId);
    const { log, handler } = deps;
    const steps = liveSteps({
      ...{ streamId, log, handler, feed: deps.hub.join(streamId, signal), lastEventId: input.lastEventId },
      viewOf: (cart, version) => {
        const order = cart.status === "Absent" ? null : orderViewOf(cart, version);
        return order && shownOrder(order);
      },
    });
    return { ok: true, value: steps };
  };
