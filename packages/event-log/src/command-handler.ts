import type { Decision } from "@cartwright/decider/decision";
import type { Claim, EventLog, HeldClaim, JsonObject, JsonValue, NewEvent, RecordedEvent } from "./event-log.ts";
import { multiStreamCommands } from "./multi-stream-commands.ts";
import { streamCache } from "./stream-cache.ts";
import { streamCommands } from "./stream-commands.ts";

/** How one kind of stream is folded and written. */
export type StreamModel<State, Event> = {
  initial: State;
  /** Answers a new state or the same one; it never changes a state that was handed out. */
  evolve: (state: State, event: Event) => State;
  encode: (event: Event) => Pick<NewEvent, "type" | "schemaVersion" | "data">;
  /** Parses and upcasts; throws on an event that it does not know. */
  decode: (event: RecordedEvent) => Event;
  /** What an event claims or gives back, e.g. the subject's current cart; `state` is the one that it led to. */
  claimsOf?: (event: Event, state: State) => readonly Claim[];
};

export type Command<State, Event, Refusal> = {
  streamId: string;
  /** The caller's idempotency key, scoped by the caller to subject and stream. Without one a key is minted. */
  key?: string;
  /**
   * Whether a retry under the key is told "nothing changed" again where that was the first answer, instead of being decided anew: for
   * whoever may have done something else in between. A reaction comes again for the same event, and is decided by what is so by then.
   */
  keepsNoChange?: boolean;
  /** Canonical text of the input; see `CommandKey.fingerprint`. */
  fingerprint: string;
  /** Answers `versionMismatch` when the stream is elsewhere. Without it the command is decided anew on every conflict. */
  expectedVersion?: number;
  metadata: JsonObject;
  /** Pure: it may be called several times for one command. */
  decide: (state: State, version: number) => Decision<Event, Refusal>;
  /** Claims beside those of the events. */
  claims?: readonly Claim[];
  /** What is kept with the receipt and answered to a retry; of no events where a change that there is not is kept. */
  answerOf?: (events: readonly Event[], state: State) => JsonValue;
};

export type Outcome<Refusal> =
  | {
      outcome: "accepted";
      version: number;
      /** The position of the stream's event at `version`, or a later one of its shard where nothing changed; 0n while both are empty. */
      position: bigint;
      /** `answerOf` of this call or, on a retry, of the first one. Null where nothing was kept or nothing changed. */
      answer: JsonValue | null;
      /** False when the command changed nothing or had been answered before. */
      changed: boolean;
    }
  | { outcome: "refused"; refusal: Refusal; version: number }
  | { outcome: "versionMismatch"; expected: number; actual: number }
  | { outcome: "keyReused"; key: string }
  | { outcome: "claimed"; claim: Claim; held: HeldClaim };

/** One command on several streams: all of their appends happen or none. */
export type MultiStreamCommand<State, Event, Refusal> = {
  /** Distinct; the first one carries the key. */
  streamIds: readonly [string, ...string[]];
  key?: string;
  keepsNoChange?: boolean;
  fingerprint: string;
  /** Of the first stream. */
  expectedVersion?: number;
  metadata: JsonObject;
  /** Accepted: one array of events for each stream, in the order of `streamIds`. */
  decide: (states: readonly State[], versions: readonly number[]) => Decision<readonly Event[], Refusal>;
  answerOf?: (events: readonly (readonly Event[])[]) => JsonValue;
};

export type CommandHandler<State, Event> = {
  /**
   * Commands of one stream are decided one after another on a cached fold and ride in one append.
   * @throws {StreamContended} when other processes kept winning until the deadline.
   * @throws {LogUnavailable} when the outcome is unknown: retry under the same key.
   */
  handle<Refusal>(command: Command<State, Event, Refusal>): Promise<Outcome<Refusal>>;
  /** As `handle`. The position and version answered are those of the first stream. */
  handleMany<Refusal>(command: MultiStreamCommand<State, Event, Refusal>): Promise<Outcome<Refusal>>;
  /** The fold at the stream's end as this moment's log has it. */
  load(streamId: string): Promise<{ state: State; version: number; position: bigint }>;
};

export type CommandHandlerOptions<State, Event> = {
  log: EventLog;
  model: StreamModel<State, Event>;
  /** Folds kept in memory. */
  maxStreams?: number;
  /** How long a command is decided anew while other processes win the stream. */
  deadlineMs?: number;
};

/** Load, fold, decide, append: the one way in which a command becomes events. */
export const commandHandler = <State, Event>(options: CommandHandlerOptions<State, Event>): CommandHandler<State, Event> => {
  const { log, model, maxStreams = 10_000, deadlineMs = 5_000 } = options;
  const cache = streamCache(log, model, maxStreams);
  return {
    handle: streamCommands({ log, model, cache, deadlineMs }),
    handleMany: multiStreamCommands({ log, model, cache, deadlineMs }),
    load: cache.refresh,
  };
};
