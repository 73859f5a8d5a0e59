import type { StreamModel } from "./command-handler.ts";
import type { Claim, JsonObject, NewEvent } from "./event-log.ts";

/** Decided events as the log takes them. */
export const stage = <State, Event>(
  model: StreamModel<State, Event>,
  events: readonly Event[],
  metadata: JsonObject,
): readonly NewEvent[] => events.map((event) => ({ ...model.encode(event), eventId: crypto.randomUUID(), metadata }));

export const claimsOf = <State, Event>(model: StreamModel<State, Event>, events: readonly Event[]): readonly Claim[] =>
  model.claimsOf ? events.flatMap(model.claimsOf) : [];
