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
  /** What calls off the next look at a partition that is paused. */
  const looks = new Map<Partition, () => void>();

  const lookNoMore = (partition: Partition) => {
    looks.get(partition)?.();
    looks.delete(partition);
  };
  const relieved = (partition: Partition): boolean => {
    if (buffers.bytes(partition.shards) > bufferBytes / 2) return false;
    partition.isPaused = false;
    lookNoMore(partition);
    controls.resume(partition.number);
    return true;
  };
  const lookLater = (partition: Partition) => {
    const look = () => {
      if (!isCurrent(partition)) return;
      const skipped = buffers.skipUnread(partition.shards, clock.now().getTime() - unreadMs);
      if (skipped.length > 0) onSkipped(skipped);
      if (!relieved(partition)) lookLater(partition);
    };
    looks.set(partition, clock.after(unreadMs, look));
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
    /** None of the partitions is looked at any more; a paused one stays so. */
    end() {
      for (const partition of [...looks.keys()]) lookNoMore(partition);
    },
  };
};
