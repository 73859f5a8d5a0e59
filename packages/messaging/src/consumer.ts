import type { LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import type { Clock } from "./clock.ts";
import type { Around, Handlers } from "./handlers.ts";
import type { ShardLag } from "./lag.ts";
import type { Mark } from "./mark.ts";
import type { Logger, Metrics } from "./observability.ts";
import type { Sink } from "./sink.ts";
import type { Source } from "./source.ts";

export type ConsumerOptions<Event extends { type: string }, Tools, Effect> = {
  /** Names the progress. The same log is read again from its beginning under a new name. */
  group: string;
  /** The owner's log: asked for heads, and for what the source left out. */
  log: LogReader;
  source: Source;
  sink: Sink<Tools, Effect>;
  handlers: Handlers<NoInfer<Event>, NoInfer<Tools>, NoInfer<Effect>>;
  /** Parses and upcasts. A throw is a fault of the event. Without it handlers get the event as recorded. */
  decode?: (recorded: RecordedEvent) => Event | Promise<Event>;
  /** Where a new group begins; an old one goes on at its mark. Default: `beginning`. */
  startAt?: "beginning" | "heads";
  /** A type without a handler. `skip` (the default) is for somebody else's log; `fail` is for one's own and stops the shard. */
  unknownEvents?: "skip" | "fail";
  around?: Around;
  limits?: Partial<ConsumerLimits>;
  clock?: Clock;
  logger?: Logger;
  metrics?: Metrics;
};

export type ConsumerLimits = {
  /** Events in one flush. Default 1,000. */
  batch: number;
  /** Flushes over many shards that may be in flight at once. Default 2. */
  concurrency: number;
  /** Attempts at an event before its stream is parked. Default 3. */
  attempts: number;
  /** Streams of one shard that may be parked; beyond it the shard stops and parks no more. Default 1,000. */
  parkedStreams: number;
  /** How often the owner is asked for its heads. Default 3,000 ms. */
  headsMs: number;
  /** The longest pause after a retryable error. Default 30,000 ms. */
  maxBackoffMs: number;
};

export type Consumer = {
  /** Resolves when the source is open. @throws when the source can't be opened. */
  start(): Promise<void>;
  /** Takes nothing new, finishes what is in flight, saves the marks, gives the shards up. */
  stop(): Promise<void>;
  /** Exact, over all shards of the log, also those that other processes hold. */
  lag(): Promise<readonly ShardLag[]>;
  status(): ConsumerStatus;
  /** Resolves when everything that was in the log at the call is handled, skipped or parked on all shards, in whichever process. */
  catchUp(signal?: AbortSignal): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type ConsumerStatus = {
  group: string;
  log: string;
  running: boolean;
  /** The shards that this process holds. */
  shards: readonly ShardStatus[];
};

export type ShardStatus = {
  shard: number;
  mark: Mark;
  parkedStreams: number;
} & (
  | { state: "flowing" }
  /** A dependency is away; tried again at `until`. */
  | { state: "retrying"; until: Date; reason: string }
  /** Waits for another log's mark. */
  | { state: "waiting"; reason: string }
  /** Stands still until somebody acts. */
  | { state: "stopped"; cause: StopCause; reason: string }
);

export type StopCause = "diverged" | "unknownEvent" | "parkingFull";
