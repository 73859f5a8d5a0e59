import type { EventMetadata, TraceParent } from "@cartwright/contracts/event-metadata";
import { type CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import type { Principal } from "@cartwright/service-kit/principal";

/** Who gives a command or asks a question, and in which request. */
export type Caller = {
  readonly subject: SubjectId;
  readonly kind: Principal["kind"];
  readonly scopes: ReadonlySet<string>;
  readonly correlationId: CorrelationId;
  readonly traceparent?: TraceParent;
  /** Where the request came from, as far as the proxies before the service are trusted. */
  readonly clientAddress?: string;
};

type Call = {
  readonly principal: Principal;
  readonly correlationId: string;
  readonly traceparent?: TraceParent | undefined;
  readonly clientAddress?: string | undefined;
};

/** @throws {z.ZodError} when the edge let a subject through that no event could hold. */
export const callerOf = ({ principal, correlationId, traceparent, clientAddress }: Call): Caller => ({
  subject: subjectOf(principal),
  kind: principal.kind,
  scopes: principal.scopes,
  // The edge lets none through, and makes none, that is not one.
  correlationId: correlationId as CorrelationId,
  ...(traceparent !== undefined && { traceparent }),
  ...(clientAddress !== undefined && { clientAddress }),
});

/** A principal lives as long as its token is remembered, over many calls. */
const subjectOf = (principal: Principal): SubjectId => {
  const known = subjects.get(principal);
  if (known !== undefined) return known;
  const subject = SubjectId.parse(principal.subject);
  subjects.set(principal, subject);
  return subject;
};

const subjects = new WeakMap<Principal, SubjectId>();

/** What is stored beside the events of this caller's command. */
export const metadataOf = ({ correlationId, traceparent }: Caller, actor: EventMetadata["actor"]): EventMetadata => ({
  correlationId,
  actor,
  ...(traceparent !== undefined && { traceparent }),
});
