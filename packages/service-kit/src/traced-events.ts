import { batchSpan } from "./tracing.ts";

type Traced = { readonly metadata: { readonly traceparent?: unknown } };

/**
 * A span around each handling of events, for a consumer's `around`: of one event, a child of the span that made it; of
 * several, linked to the span of each.
 */
export const tracedEvents =
  (name: string) =>
  <Result>(events: readonly Traced[], call: () => Promise<Result>): Promise<Result> => {
    const attributes = { "messaging.batch.message_count": events.length };
    return batchSpan({ name, traceparents: events.map(traceparentOf), attributes }, call);
  };

/** The trace that was stored with an event, or with what an event has asked for. */
export const traceparentOf = (stored: Traced | undefined): string | undefined =>
  typeof stored?.metadata.traceparent === "string" ? stored.metadata.traceparent : undefined;
