import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { GroupOnLog } from "./mark.ts";

/** A stream that waits for an operator, for one group: the event that failed and all later ones are in its queue. */
export type ParkedStream = GroupOnLog & {
  shard: number;
  streamId: string;
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

export type StreamRef = GroupOnLog & { streamId: string };

/** What an operator may do. All of it asks: the holder of the shard does the draining, so that nothing overtakes. */
export type Parking = {
  list(filter?: Partial<GroupOnLog>): Promise<readonly ParkedStream[]>;
  /** The queue, oldest first, at most `limit` (default 100). */
  inspect(stream: StreamRef, limit?: number): Promise<readonly ParkedEvent[]>;
  /** @returns false when no such stream is parked. */
  retry(stream: StreamRef): Promise<boolean>;
  /**
   * Gives one event up for this group, for good. The rest of the queue waits for `retry`; a queue that is empty then flows again.
   * @returns false when no such event waits.
   */
  discard(stream: StreamRef, event: { eventId: string; reason: string; by: string }): Promise<boolean>;
};

/** What the runtime needs beside it. */
export type ParkingStore = Parking & {
  /** The streams of these shards that must not flow. */
  streams(of: GroupOnLog, shards: readonly number[]): Promise<readonly Pick<ParkedStream, "shard" | "streamId" | "state">[]>;
  /** The next events of a queue, oldest first. */
  next(stream: StreamRef, limit: number): Promise<readonly { epoch: string; event: RecordedEvent }[]>;
  /** Says that draining failed again; the stream is `parked` as before. */
  failed(stream: StreamRef, fault: { reason: string; attempts: number }): Promise<void>;
  /**
   * Lets the stream flow again if its queue is empty.
   * @returns false when something waits in it.
   */
  release(stream: StreamRef): Promise<boolean>;
};
