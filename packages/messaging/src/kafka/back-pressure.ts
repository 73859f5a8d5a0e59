import type { Clock } from "../clock.ts";
import type { ShardBuffers } from "./shard-buffers.ts";
import type { PartitionControls } from "./topic-session.ts";

/** A partition that is ours: what is in it, and how far it has been taken. */
export type Partition = {
  readonly number: number;
  readonly shards: readonly number[];
  /** The offset after the last message taken; null before the first one. */
  next: bigint | null;
  isPaused: boolean;
  /** The place of the marks on it is not known yet. */
  isUnplaced: boolean;
};

export type BackPressureOptions = {
  buffers: ShardBuffers;
  limits: { bufferBytes: number; unreadMs: number };
  clock: Clock;
  controls: PartitionControls;
  /** Still one of ours. */
  isCurrent: (partition: Partition) => boolean;
  onSkipped: (shards: readonly number[]) => void;
};

/**
 * Pauses a partition whose shards have enough to do, and resumes it; pausing is not leaving: the member stays in its group.
 * Where some of its shards are read and others stand still, the ones that stand still are passed over.
 */
export const backPressure = ({ buffers, limits, clock, controls, isCurrent, onSkipped }: BackPressureOptions) => {
  const { bufferBytes, unreadMs } = limits;

  const relieved = (partition: Partition): boolean => {
    if (buffers.bytes(partition.shards) > bufferBytes / 2) return false;
    partition.isPaused = false;
    controls.resume(partition.number);
    return true;
  };
  const lookLater = (partition: Partition) => {
    clock.after(unreadMs, () => {
      if (!partition.isPaused || !isCurrent(partition)) return;
      const skipped = buffers.skipUnread(partition.shards, clock.now().getTime() - unreadMs);
      if (skipped.length > 0) onSkipped(skipped);
      if (!relieved(partition)) lookLater(partition);
    });
  };
  return {
    afterTaking(partition: Partition) {
      if (partition.isPaused || buffers.bytes(partition.shards) <= bufferBytes) return;
      partition.isPaused = true;
      controls.pause(partition.number);
      lookLater(partition);
    },
    afterReading(partition: Partition) {
      if (partition.isPaused) relieved(partition);
    },
  };
};
