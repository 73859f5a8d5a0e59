import type { Around } from "@cartwright/messaging/handlers";
import { continuedSpan, span } from "@cartwright/service-kit/tracing";

/** A span around each call of a projection: in the trace of the command whose events these are, where they are one command's. */
export const traced =
  (name: string): Around =>
  (events, call) => {
    const attributes = { "messaging.batch.message_count": events.length };
    const [traceparent, ...others] = new Set(events.map(({ metadata }) => metadata.traceparent));
    return typeof traceparent === "string" && others.length === 0
      ? continuedSpan({ name, kind: "consumer", traceparent, attributes }, call)
      : span(name, attributes, call);
  };
