import type { EventMetadata, TraceParent } from "@cartwright/contracts/event-metadata";
import { CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import type { Principal } from "@cartwright/service-kit/principal";

export type CallOfPrincipal = { principal: Principal; correlationId: string; traceparent?: TraceParent | undefined };

/** What is recorded beside the events of a call. */
export const metadataOf = ({ principal, correlationId, traceparent }: CallOfPrincipal): EventMetadata => ({
  correlationId: CorrelationId.parse(correlationId),
  actor: { subject: SubjectId.parse(principal.subject), kind: principal.kind },
  ...(traceparent && { traceparent }),
});
