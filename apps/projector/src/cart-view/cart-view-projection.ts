import type { EventLog, LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { type Consumer, type ConsumerOptions, consumer } from "@cartwright/messaging/consumer";
import type { BatchHandler } from "@cartwright/messaging/handlers";
import type { Sink } from "@cartwright/messaging/sink";
import type { Source } from "@cartwright/messaging/source";
import type { CartViewTools } from "./cart-view-sink.ts";
import { projectCartViews } from "./project-cart-views.ts";

export type CartViewProjectionOptions = Pick<
  ConsumerOptions<RecordedEvent, CartViewTools, void>,
  "around" | "limits" | "clock" | "logger" | "metrics"
> & {
  /** The cart's. */
  log: LogReader & Pick<EventLog, "readStream">;
  source: Source;
  sink: Sink<CartViewTools, void>;
  /** Another name reads the log from its beginning. */
  group?: string;
};

/**
 * Keeps the cart views, in whichever store the sink writes to. A cart whose stream holds an event that is not known here is
 * parked, not shown without it: its view would say a version that it does not show.
 */
export const cartViewProjection = ({ log, group = cartViewGroup, ...options }: CartViewProjectionOptions): Consumer => {
  const project: BatchHandler<RecordedEvent, CartViewTools, void> = {
    batch: (received, { views }) =>
      projectCartViews(
        received.map(({ recorded }) => recorded),
        { views, streams: log },
      ),
  };
  return consumer<RecordedEvent, CartViewTools, void>({ ...options, log, group, handlers: { "*": project } });
};

export const cartViewGroup = "projector.cart-view";
