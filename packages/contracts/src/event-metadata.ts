import * as z from "zod";
import { CausationId, CorrelationId, SubjectId } from "./ids.ts";
import { lineOfText } from "./text.ts";

/** Who did it. `service` is another process or a trusted back end, `system` a timer or a repair. */
export const Actor = z.strictObject({
  subject: SubjectId,
  kind: z.enum(["guest", "user", "support", "service", "system"]),
  /** Why somebody touched what is not theirs; support always says it. */
  reason: z.exactOptional(lineOfText(500)),
});
export type Actor = z.infer<typeof Actor>;

/** A W3C trace context header, version 00. */
export const TraceParent = z
  .string()
  .regex(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/, "must be a version 00 traceparent")
  .brand<"TraceParent", "inout">();
export type TraceParent = z.infer<typeof TraceParent>;

/** What is stored beside an event's data. The event's id is the log's own column: an `EventId`, beside type and version. */
export const EventMetadata = z.strictObject({
  correlationId: CorrelationId,
  /** Absent where a person or a timer began it. */
  causationId: z.exactOptional(CausationId),
  actor: Actor,
  traceparent: z.exactOptional(TraceParent),
});
export type EventMetadata = z.infer<typeof EventMetadata>;
