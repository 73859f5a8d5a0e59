import { absentCart, evolve } from "@cartwright/cart-domain/cart";
import { viewOf } from "@cartwright/cart-domain/view-of";
import { cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import type { EventLog, RecordedEvent } from "@cartwright/event-log/event-log";

/** The cart as the log has it now; null where the log has none. */
export const foldCartView = async (streams: Pick<EventLog, "readStream">, cartId: CartId): Promise<CartView | null> =>
  viewOfEvents(await streams.readStream(cartStreamId(cartId)));

/** Of a cart's events from its first on. */
export const viewOfEvents = (events: readonly RecordedEvent[]): CartView | null => {
  const cart = events.reduce((before, event) => evolve(before, cartEvents.decode(event)), absentCart);
  return cart.status === "Absent" ? null : viewOf(cart, events.length);
};
