import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { NotYet } from "./handlers.ts";
import type { GroupOnLog, Mark, MarkStore } from "./mark.ts";
import type { ParkingStore } from "./parking.ts";

/**
 * Where effects go, and the marks with them. `Tools` is what a handler is given to have its effect, `Effect` what it answers.
 */
export type Sink<Tools, Effect> = {
  marks: MarkStore;
  parking: ParkingStore;
  /**
   * Carries out the steps, in order within a shard, and moves their marks. Answers one outcome a step, in the same order.
   * A throw means that nothing has moved and that the culprit is not known.
   */
  flush(of: GroupOnLog, steps: readonly ShardStep<Tools, Effect>[]): Promise<readonly StepOutcome[]>;
  /** Carries out events that were parked, in order, and takes them out of the queue. The mark stays where it is. */
  drain(of: GroupOnLog, step: DrainStep<Tools, Effect>): Promise<StepOutcome>;
};

/** Successive events of one shard, from right above `from`; never empty. */
export type ShardStep<Tools, Effect> = { shard: number; from: Mark; work: readonly Work<Tools, Effect>[] };

/** Waiting events of one parked stream, oldest first; never empty. */
export type DrainStep<Tools, Effect> = { shard: number; epoch: string; streamId: string; work: readonly HandleWork<Tools, Effect>[] };

export type Work<Tools, Effect> =
  | HandleWork<Tools, Effect>
  /** Nothing is done, the mark moves on. */
  | { kind: "skip"; event: RecordedEvent }
  /** The event goes into its stream's queue. `fault` is null where an earlier event of the stream waits there. */
  | { kind: "park"; event: RecordedEvent; fault: Fault | null };

export type HandleWork<Tools, Effect> = { kind: "handle"; event: RecordedEvent; runner: Runner<Tools, Effect> };

/** A handler with decoding and tracing around it. */
export type Runner<Tools, Effect> = {
  /** Whether one call takes several successive events. */
  batch: boolean;
  run(events: readonly RecordedEvent[], tools: Tools): Promise<Effect | NotYet>;
};

export type Fault = { reason: string; attempts: number };

export type StepOutcome =
  /** The first `done` pieces of work are settled. `stop` says why the next one is not, where that is known. */
  | { outcome: "settled"; done: number; stop?: Stop }
  /** Another process has moved this mark or drained this queue; nothing was done here. */
  | { outcome: "fenced" };

export type Stop = { kind: "notYet"; notYet: NotYet["notYet"] } | { kind: "error"; error: unknown };
