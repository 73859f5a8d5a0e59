import type { JsonObject } from "@cartwright/event-log/event-log";
import type { HandlerContext } from "./handlers.ts";

export type ReactionFields = {
  /** Kept beside the event: a second delivery under it changes nothing. */
  readonly key: string;
  readonly fingerprint: string;
  readonly metadata: JsonObject;
};

export type ReactingService = {
  /** The service's name: it is the actor. */
  readonly service: string;
  /** Of the present span; where there is none the event's own is carried on. */
  readonly traceparent: string | undefined;
};

/** What a command that answers an event is given: it belongs to the same request, and says which event made it happen. */
export const reactionTo = (
  { key, recorded, log, epoch }: Pick<HandlerContext<unknown>, "key" | "recorded" | "log" | "epoch">,
  { service, traceparent = textOf(recorded.metadata.traceparent) }: ReactingService,
): ReactionFields => ({
  key,
  fingerprint: recorded.eventId,
  metadata: {
    correlationId: textOf(recorded.metadata.correlationId) ?? recorded.eventId,
    causationId: `${log}:${epoch}:${recorded.shard}:${recorded.position}`,
    actor: { subject: `service-${service}`, kind: "service" },
    ...(traceparent !== undefined && { traceparent }),
  },
});

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** What a reaction's command answered, in so far as it matters here. */
type Answered = { readonly outcome: string };

/** A reaction decides nothing that can be refused, and claims nothing: whatever else comes out is a fault of the event. */
export const settled = async (answer: Promise<Answered>): Promise<void> => {
  const { outcome } = await answer;
  if (outcome !== "accepted") throw new ReactionNotAccepted(`a reaction was answered ${outcome}`);
};

export class ReactionNotAccepted extends Error {
  override readonly name = "ReactionNotAccepted";
  readonly retryable = false;
}
