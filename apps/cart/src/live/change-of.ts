import { cartEvents } from "@cartwright/contracts/cart-events";
import { EventMetadata } from "@cartwright/contracts/event-metadata";
import type { CartChanged } from "@cartwright/contracts/live-cart";
import type { RecordedEvent } from "@cartwright/event-log/event-log";

/** A recorded event as subscribers are told of it, in the newest shape of its type. */
export const changeOf = (recorded: RecordedEvent): CartChanged => {
  const { version, position, recordedAt } = recorded;
  const { actor, correlationId } = EventMetadata.parse(recorded.metadata);
  const event = cartEvents.decode(recorded);
  const { schemaVersion } = cartEvents.encode(event);
  return { kind: "change", version, position, event, schemaVersion, at: recordedAt, actor, correlationId };
};
