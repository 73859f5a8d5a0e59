import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { GroupOnLog, Mark } from "./mark.ts";
import type { Fault, ParkingStore } from "./parking.ts";

/** Where marks are kept, beside the effects, and the queues of parked streams. */
export type Progress = {
  /** The store may lose its last writes, effects and marks alike, or all of them; what it has is then read again every few seconds. */
  canForget?: boolean;
  /** The marks that exist, by shard. */
  marks(of: GroupOnLog): Promise<ReadonlyMap<number, Mark>>;
  /** Makes marks where there are none; those that exist stay as they are. */
  begin(of: GroupOnLog, marks: ReadonlyMap<number, Mark>): Promise<void>;
  /**
   * Moves each mark that still equals `from` (compare-and-set), and parks what is to be parked with it.
   * @returns the shards whose mark was elsewhere: another process has moved it. Nothing was done for them.
   */
  move(of: GroupOnLog, moves: readonly MarkMove[]): Promise<readonly number[]>;
  parking: ParkingStore;
};

export type MarkMove = { shard: number; from: Mark; to: Mark; parked: readonly ToPark[] };

/** `fault` is null where the event only waits behind an earlier one of its stream. */
export type ToPark = { event: RecordedEvent; fault: Fault | null };
