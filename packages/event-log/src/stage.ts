import type { StreamModel } from "./command-handler.ts";
import type { Claim, JsonObject, NewEvent } from "./event-log.ts";

/** Decided events as the log takes them. */
export const stage = <State, Event>(
  model: StreamModel<State, Event>,
  events: readonly Event[],
  metadata: JsonObject,
): readonly NewEvent[] => events.map((event) => ({ ...model.encode(event), eventId: crypto.randomUUID(), metadata }));

/** The state after the events, and what they claim on the way. */
export const fold = <State, Event>(model: StreamModel<State, Event>, before: State, events: readonly Event[]) => {
  const claims: Claim[] = [];
  let state = before;
  for (const event of events) {
    state = model.evolve(state, event);
    if (model.claimsOf) claims.push(...model.claimsOf(event, state));
  }
  return { state, claims };
};
