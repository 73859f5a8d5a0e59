import type { Cart } from "@cartwright/cart-domain/cart";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import { cartModel } from "../carts/cart-model.ts";
import { eventsAfter } from "./events-after.ts";
import { knownVersion } from "./known-version.ts";
import type { LiveFeed } from "./live-hub.ts";

export type LiveSteps<View> = {
  readonly streamId: string;
  /** Joined before the stream is read. */
  readonly feed: LiveFeed;
  readonly log: Pick<EventLog, "readStream">;
  readonly handler: Pick<CommandHandler<Cart, CartEvent>, "load">;
  /** The version that the subscriber has. */
  readonly lastEventId: string | undefined;
  /** What is told of the cart once this event had happened, or as it stands; null where that is nothing new. */
  readonly viewOf: (cart: Cart, version: number, event: CartEvent | null) => View | null | Promise<View | null>;
};

export type LiveStep<View> = { readonly version: number; readonly view: View };

/**
 * What is shown of a stream, whole, as it is and then after each event that changes it. Who comes back with the version that they had is
 * told each step that they missed, once.
 */
export async function* liveSteps<View>({
  streamId,
  feed,
  log,
  handler,
  lastEventId,
  viewOf,
}: LiveSteps<View>): AsyncGenerator<LiveStep<View>> {
  const found = await handler.load(streamId);
  const known = knownVersion(lastEventId, found.version);
  let cart: Cart = known === null ? found.state : cartModel.initial;
  if (known === null) {
    const view = await viewOf(cart, found.version, null);
    if (view !== null) yield { version: found.version, view };
  }
  const after = known === null ? found.version : 0;
  for await (const recorded of eventsAfter({ streamId, feed, log, after, head: found.version })) {
    const event = cartModel.decode(recorded);
    cart = cartModel.evolve(cart, event);
    const { version } = recorded;
    const view = known !== null && version <= known ? null : await viewOf(cart, version, event);
    if (view !== null) yield { version, view };
  }
}
