/** What a decision says: the events that happen, none when nothing changes, or the fact that forbids it. A throw is a bug. */
export type Decision<Event, Refusal> = { accepted: true; events: readonly Event[] } | { accepted: false; refusal: Refusal };

/** Without events the command is accepted and changes nothing. */
export const accept = <Event>(...events: readonly Event[]): Decision<Event, never> => ({ accepted: true, events });

export const refuse = <const Refusal>(refusal: Refusal): Decision<never, Refusal> => ({ accepted: false, refusal });
