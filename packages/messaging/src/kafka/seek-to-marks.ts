import type { LogReader, ShardCursor } from "@cartwright/event-log/event-log";
import type { Kafka } from "kafkajs";
import { withAdmin } from "./with-admin.ts";

export type SeekToMarksOptions = {
  kafka: Kafka;
  log: LogReader;
  topic: string;
  groupId: string;
};

/** Positions are given in the order of commit, times when a transaction began. */
const marginMs = 10_000;

/**
 * Where to begin in a partition whose shards' marks are these: a little before the time of the earliest event that is still
 * to come. Null where the group's committed offset is at least as good. Only to save time: what is read too early is
 * dropped by its position, and what is missed is read from the log.
 */
export const seekToMarks = async (
  marks: readonly ShardCursor[],
  partition: number,
  { kafka, log, topic, groupId }: SeekToMarksOptions,
): Promise<bigint | null> => {
  if (marks.length === 0 || marks.some(({ after }) => after === 0n)) return null;
  const atMarks = await log.read(
    marks.map(({ shard, after }) => ({ shard, after: after - 1n })),
    1,
  );
  if (atMarks.length < marks.length) return null;
  const earliest = Math.min(...atMarks.map(({ recordedAt }) => recordedAt.getTime())) - marginMs;
  return withAdmin(kafka, async (admin) => {
    const [[committed], byTime] = await Promise.all([
      admin.fetchOffsets({ groupId, topics: [topic] }),
      admin.fetchTopicOffsetsByTimestamp(topic, earliest),
    ]);
    const from = offsetOf(committed?.partitions ?? [], partition);
    const to = offsetOf(byTime, partition);
    return to > from ? to : null;
  });
};

const offsetOf = (offsets: readonly { partition: number; offset: string }[], wanted: number): bigint =>
  BigInt(offsets.find(({ partition }) => partition === wanted)?.offset ?? -1);
