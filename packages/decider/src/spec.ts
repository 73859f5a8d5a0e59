import { expect } from "vitest";
import { accept, type Decision, refuse } from "./decision.ts";

/** A decider in the language of its tests: `given(...events).when(decide).yields(...events)`. A development export. */
export const specFor = <State, Event>(initial: State, evolve: (state: State, event: Event) => State) => ({
  given: (...past: readonly Event[]) => {
    const before = past.reduce(evolve, initial);
    return {
      /** `decide` is pure, so it is asked twice and must answer the same. */
      when: <Refusal>(decide: (state: State) => Decision<Event, Refusal>) => {
        const decision = decide(before);
        expect(decide(before)).toEqual(decision);
        return {
          yields: (...events: readonly Event[]) => expect(decision).toEqual(accept(...events)),
          changesNothing: () => expect(decision).toEqual(accept()),
          refuses: (refusal: Refusal) => expect(decision).toEqual(refuse(refusal)),
          /** The state once the decision's events have happened. Fails when it was a refusal. */
          leaves: (): State => {
            if (!decision.accepted) throw new Error(`Refused: ${JSON.stringify(decision.refusal)}`);
            return decision.events.reduce(evolve, before);
          },
        };
      },
    };
  },
});
