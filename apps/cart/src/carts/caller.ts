import type { EventMetadata, TraceParent } from "@cartwright/contracts/event-metadata";
import { CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import type { Principal } from "@cartwright/service-kit/principal";

/** Who gives a command or asks a question, and in which request. */
export type Caller = {
  readonly subject: SubjectId;
  readonly kind: Principal["kind"];
  readonly scopes: ReadonlySet<string>;
  readonly correlationId: CorrelationId;
  readonly traceparent?: TraceParent;
};

type Call = { readonly principal: Principal; readonly correlationId: string; readonly traceparent?: TraceParent | undefined };

/** @throws {z.ZodError} when the edge let a subject or a correlation id through that no event could hold. */
export const callerOf = ({ principal: { subject, kind, scopes }, correlationId, traceparent }: Call): Caller => ({
  subject: SubjectId.parse(subject),
  kind,
  scopes,
  correlationId: CorrelationId.parse(correlationId),
  ...(traceparent !== undefined && { traceparent }),
});

/** What is stored beside the events of this caller's command. */
export const metadataOf = ({ correlationId, traceparent }: Caller, actor: EventMetadata["actor"]): EventMetadata => ({
  correlationId,
  actor,
  ...(traceparent !== undefined && { traceparent }),
});
