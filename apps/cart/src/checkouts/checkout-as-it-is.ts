import type { Cart } from "@cartwright/cart-domain/cart";
import { checkoutView } from "@cartwright/cart-domain/view-of";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import type { CheckoutView } from "@cartwright/contracts/checkout-shapes";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import { cartModel } from "../carts/cart-model.ts";

export type AttemptDeps = {
  readonly handler: Pick<CommandHandler<Cart, CartEvent>, "load">;
  readonly log: Pick<EventLog, "readStream">;
};

/** Any attempt of a cart as this moment's log has it; null where there was none. Whose it is has been asked before. */
export const checkoutAsItIs = async ({ handler, log }: AttemptDeps, checkoutId: CheckoutId): Promise<CheckoutView | null> => {
  const streamId = cartStreamId(cartOfCheckout(checkoutId));
  const { state } = await handler.load(streamId);
  if (state.status === "Absent") return null;
  return state.checkout?.checkoutId === checkoutId ? checkoutView(state.checkout) : earlierAttempt(log, streamId, checkoutId);
};

/** The cart remembers its last attempt alone; its stream remembers all. */
const earlierAttempt = async (
  log: Pick<EventLog, "readStream">,
  streamId: string,
  checkoutId: CheckoutId,
): Promise<CheckoutView | null> => {
  const events = (await log.readStream(streamId)).map(cartModel.decode);
  let view: CheckoutView | null = null;
  for (const { type, data } of events) {
    if (type === "CheckoutStarted" && data.checkoutId === checkoutId) {
      const { amount, deadline, startedAt } = data;
      view = { checkoutId, status: "Started", amount, deadline, action: null, failure: null, orderId: null, startedAt };
    }
    if (view && type === "CheckoutFailed" && data.checkoutId === checkoutId) view = { ...view, status: "Failed", failure: data.reason };
  }
  return view;
};
