import { continuedSpan } from "./tracing.ts";

type Traced = { readonly metadata: { readonly traceparent?: unknown } };

/** A span around each handling of events, in the trace of the first of them: for a consumer's `around`. */
export const tracedEvents =
  (name: string) =>
  <Result>(events: readonly Traced[], call: () => Promise<Result>): Promise<Result> => {
    const traceparent = traceparentOf(events[0]);
    return continuedSpan({ name, kind: "consumer", traceparent, attributes: { "messaging.batch.message_count": events.length } }, call);
  };

/** The trace that was stored with an event, or with what an event has asked for. */
export const traceparentOf = (stored: Traced | undefined): string | undefined =>
  typeof stored?.metadata.traceparent === "string" ? stored.metadata.traceparent : undefined;
