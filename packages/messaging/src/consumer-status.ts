import type { Mark } from "./mark.ts";

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
  /** A dependency is away, or an event is tried again; the next try is at `until`. */
  | { state: "retrying"; until: Date; reason: string }
  /** Waits for another log's mark. */
  | { state: "waiting"; reason: string }
  /** Stands still until somebody acts. */
  | { state: "stopped"; cause: StopCause; reason: string }
);

export type StopCause =
  /** The owner's log is not the one in which the mark was made, e.g. after a restore. */
  | "diverged"
  /** An event of a type that this version of the service does not know, on its own log. */
  | "unknownEvent"
  /** So many streams are parked that something general must be wrong. */
  | "parkingFull";
