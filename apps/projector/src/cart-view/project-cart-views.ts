import { absentCart, type Cart, evolve } from "@cartwright/cart-domain/cart";
import { cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import { CartId } from "@cartwright/contracts/ids";
import type { EventLog, RecordedEvent } from "@cartwright/event-log/event-log";
import type { CartViewRecord, CartViewWriter } from "@cartwright/read-model/cart-view-writer";
import { cartOf, recordOf } from "./cart-view-record.ts";

export type ProjectionDeps = {
  views: CartViewWriter;
  /** The owner's streams: read where a view is missing on which the events would build. */
  streams: Pick<EventLog, "readStream">;
};

/**
 * Brings the views to where `events` lead: one read, one write, each view whole. Events that a view has in it already change
 * nothing. `events` are in order within a stream; those of other streams than carts' are passed over.
 * @throws {StreamIncomplete} and what a stored event that can't be decoded throws.
 */
export const projectCartViews = async (events: readonly RecordedEvent[], { views, streams }: ProjectionDeps): Promise<void> => {
  const byCart = Map.groupBy(events.filter(isOfCart), cartIdOf);
  const records = await views.load([...byCart.keys()]);
  const changed = await Promise.all([...byCart].map(([cartId, its]) => recordAfter(records.get(cartId), its, streams)));
  await views.apply(changed.filter((record) => record !== null));
};

/** The log of a cart's owner lacks events on which others of the cart build. */
export class StreamIncomplete extends Error {
  override readonly name = "StreamIncomplete";
  readonly retryable = false;
}

// What the ids of carts' streams begin with; no cart has the empty id.
const prefix = cartStreamId("" as CartId);
const isOfCart = ({ streamId }: RecordedEvent) => streamId.startsWith(prefix);
const cartIdOf = ({ streamId }: RecordedEvent) => CartId.parse(streamId.slice(prefix.length));

const recordAfter = async (
  before: CartViewRecord | undefined,
  events: readonly RecordedEvent[],
  streams: ProjectionDeps["streams"],
): Promise<CartViewRecord | null> => {
  const version = before?.view.version ?? 0;
  const news = events.filter((event) => event.version > version);
  const [first] = news;
  if (!first) return null;
  const between = first.version - version - 1;
  const missing = between > 0 ? await streams.readStream(first.streamId, { after: version, limit: between }) : [];
  return fold(before ? cartOf(before) : absentCart, { version, events: [...missing, ...news] });
};

const fold = (before: Cart, { version, events }: { version: number; events: readonly RecordedEvent[] }): CartViewRecord => {
  let cart = before;
  let folded = version;
  for (const event of events) {
    folded += 1;
    if (event.version !== folded) throw new StreamIncomplete(`${event.streamId}: version ${folded} is missing before ${event.version}`);
    cart = evolve(cart, cartEvents.decode(event));
  }
  if (cart.status === "Absent") throw new StreamIncomplete(`version ${folded} leaves no cart`);
  return recordOf(cart, folded);
};
