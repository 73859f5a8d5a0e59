import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { AwaitedMark, NotYet } from "./handlers.ts";
import type { GroupOnLog, Mark } from "./mark.ts";
import type { Progress, ToPark } from "./progress.ts";

/**
 * Where effects go, and the marks with them. `Tools` is what a handler is given to have its effect, `Effect` what it
 * answers.
 */
export type Sink<Tools, Effect> = {
  progress: Progress;
  /** How many flushes it can have in flight, each of shards of its own. */
  concurrency: number;
  /**
   * Carries the steps out, in order within a shard, and moves their marks. Answers one outcome a step, in their order.
   * A throw means that no mark has moved and that the culprit is not known.
   */
  flush(of: GroupOnLog, steps: readonly ShardStep<Tools, Effect>[]): Promise<readonly StepOutcome[]>;
  /** Carries out parked events in order and takes them out of the queue. The mark stays where it is. Throws as `flush`. */
  drain(of: GroupOnLog, step: DrainStep<Tools, Effect>): Promise<StepOutcome>;
};

/** Successive events of one shard, never empty: those right above the mark `from`, where what lies between concerned nobody. */
export type ShardStep<Tools, Effect> = { shard: number; from: Mark; work: readonly Work<Tools, Effect>[] };

/** Waiting events of one parked stream, oldest first; never empty. */
export type DrainStep<Tools, Effect> = { shard: number; streamId: string; work: readonly (HandleWork<Tools, Effect> | SkipWork)[] };

export type Work<Tools, Effect> =
  | HandleWork<Tools, Effect>
  | SkipWork
  /** The event goes into its stream's queue. */
  | ({ kind: "park" } & ToPark);

/** Nobody here is concerned. */
export type SkipWork = { kind: "skip"; event: RecordedEvent };

/** `epoch` is the one in which the event's position was counted. */
export type HandleWork<Tools, Effect> = { kind: "handle"; event: RecordedEvent; epoch: string; runner: Runner<Tools, Effect> };

/** A handler with decoding and tracing around it. */
export type Runner<Tools, Effect> = {
  /** Whether one call takes several successive events; otherwise it takes exactly one. */
  batch: boolean;
  run(work: readonly RunnableEvent[], tools: Tools): Promise<Effect | NotYet>;
  /** As in `Received`. */
  keyOf(work: RunnableEvent): string;
};

export type RunnableEvent = Pick<HandleWork<unknown, unknown>, "event" | "epoch">;

export type StepOutcome =
  /** The first `done` pieces of work are settled. `stop` says which later piece can't be, where that is known. */
  | { outcome: "settled"; done: number; stop?: Stop }
  /** Another process has moved this mark or drained this queue; nothing was done here. */
  | { outcome: "fenced" };

/** `at` is the index of the piece of work; those before it are not at fault. */
export type Stop = { at: number } & ({ kind: "notYet"; mark: AwaitedMark } | { kind: "error"; error: unknown });
