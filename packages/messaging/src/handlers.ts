import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { GroupOnLog } from "./mark.ts";

/** An event as a handler gets it: decoded, and as it was recorded. */
export type Received<Event> = {
  event: Event;
  recorded: RecordedEvent;
  /** Of the log in which `recorded.position` was counted. */
  epoch: string;
  /** `group:log:epoch:shard:position`: the same at every delivery, so that what is done under it is done once. */
  key: string;
};

export type HandlerContext<Tools> = Tools & GroupOnLog & Omit<Received<unknown>, "event">;
export type BatchContext<Tools> = Tools & GroupOnLog;

/** Answers `notYet` before it has changed anything. A throw is a fault of the event unless it is retryable. */
export type Handler<Event, Tools, Effect> = (event: Event, context: HandlerContext<Tools>) => Promise<Effect | NotYet> | Effect | NotYet;

/**
 * Gets successive events at once, in order. One batch handler may stand for several types: events that follow one another
 * and have the same handler object come in one call.
 */
export type BatchHandler<Event, Tools, Effect> = {
  batch: (events: readonly Received<Event>[], context: BatchContext<Tools>) => Promise<Effect | NotYet> | Effect | NotYet;
};

/**
 * By event type. `"ignore"` says that a type is known and of no interest here; `"*"` stands for every type that is not
 * named.
 */
export type Handlers<Event extends { type: string }, Tools, Effect> = {
  readonly [Type in Event["type"]]?: AnyHandler<EventOf<Event, Type>, Tools, Effect> | "ignore";
} & { readonly "*"?: AnyHandler<Event, Tools, Effect> };

export type AnyHandler<Event, Tools, Effect> = Handler<Event, Tools, Effect> | BatchHandler<Event, Tools, Effect>;

/** Where types are not told apart, as with events that were not decoded, each is the whole. */
type EventOf<Event extends { type: string }, Type extends string> = string extends Event["type"] ? Event : Extract<Event, { type: Type }>;

/** The mark for which a handler wants to wait: that of `group` (default: the handler's own) on another log. */
export type AwaitedMark = { log: string; shard: number; position: bigint; group?: string };

export type NotYet = { readonly notYet: AwaitedMark };

/** Logs are not in step: this event's turn comes when that mark has been reached. No attempt is counted. */
export const notYet = (mark: AwaitedMark): NotYet => ({ notYet: mark });

export const isNotYet = (value: unknown): value is NotYet => typeof value === "object" && value !== null && "notYet" in value;

/** Spans, for example: wraps every call of a handler. */
export type Around = <Result>(events: readonly RecordedEvent[], call: () => Promise<Result>) => Promise<Result>;
