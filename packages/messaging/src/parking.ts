import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { GroupOnLog } from "./mark.ts";

/** What an operator may do. All of it asks: the holder of the shard does the draining, so that nothing overtakes. */
export type Parking = {
  list(filter?: Partial<GroupOnLog>): Promise<readonly ParkedStream[]>;
  /** The queue, oldest first, at most `limit` (default 100). */
  inspect(stream: StreamRef, limit?: number): Promise<readonly ParkedEvent[]>;
  /** @returns false when no such stream is parked. */
  retry(stream: StreamRef): Promise<boolean>;
  /**
   * Gives one event up for this group, for good. The rest of the queue waits for `retry`; a stream whose queue is then
   * empty flows again.
   * @returns false when no such event waits.
   */
  discard(stream: StreamRef, decision: DiscardDecision): Promise<boolean>;
};

export type StreamRef = GroupOnLog & { streamId: string };
export type DiscardDecision = { eventId: string; reason: string; by: string };
export type Fault = { reason: string; attempts: number };

/** A stream that waits for an operator, for one group: the event that failed and all later ones are in its queue. */
export type ParkedStream = StreamRef & {
  shard: number;
  /** `retrying`: asked for; the holder of the shard drains the queue in order. */
  state: "parked" | "retrying";
  /** What the first event of the queue failed with. */
  reason: string;
  attempts: number;
  parkedAt: Date;
  /** Events in the queue that are neither done nor discarded. */
  waiting: number;
};

export type ParkedEvent = {
  epoch: string;
  event: RecordedEvent;
  parkedAt: Date;
  /** Kept as the record of a decision; the queue passes over it. */
  discarded: { reason: string; by: string; at: Date } | null;
};

/** What the runtime needs beside it. */
export type ParkingStore = Parking & {
  /** The streams of these shards that must not flow. */
  streams(of: GroupOnLog, shards: readonly number[]): Promise<readonly HeldStream[]>;
  /** The next waiting events of a queue, oldest first. */
  next(stream: StreamRef, limit: number): Promise<readonly QueuedEvent[]>;
  /**
   * Takes events that are done out of the queue, all or none.
   * @returns false when one of them is not there any more: another process has drained it, or it was discarded.
   */
  done(stream: StreamRef, eventIds: readonly string[]): Promise<boolean>;
  /** Says that draining failed; the stream waits for an operator as before. */
  failed(stream: StreamRef, fault: Fault): Promise<void>;
  /**
   * Lets the stream flow again if nothing waits in its queue.
   * @returns false when something does.
   */
  release(stream: StreamRef): Promise<boolean>;
};

export type HeldStream = Pick<ParkedStream, "shard" | "streamId" | "state">;
export type QueuedEvent = Pick<ParkedEvent, "epoch" | "event">;
