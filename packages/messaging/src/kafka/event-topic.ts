import type { LogReader } from "@cartwright/event-log/event-log";
import type { Admin } from "kafkajs";

/** How a topic is made. One that exists already is taken as it is. */
export type TopicLayout = {
  /** Default 4. A log has 16 shards, so that more than 16 are of no use. */
  partitions?: number;
  /** Copies of each partition; all but one of them must have a message before it is acknowledged. Default 1. */
  replicationFactor?: number;
  /** For how long messages are kept from the time when their events were recorded. Default: a week. Older ones are in the log. */
  retentionMs?: number;
};

export const defaultLayout: Required<TopicLayout> = { partitions: 4, replicationFactor: 1, retentionMs: 7 * 24 * 3_600_000 };

/**
 * `cart.events.3f2a91c7`: the log and the beginning of its epoch. A log that was restored has another epoch, and so a fresh
 * topic in which no position stands for two events. Computed alike by whoever writes and whoever reads.
 */
export const topicOf = ({ name, epoch }: Pick<LogReader, "name" | "epoch">): string =>
  `${name}.events.${epoch.replaceAll(/[^\w-]/g, "").slice(0, 8)}`;

export const partitionOf = (shard: number, partitions: number): number => shard % partitions;

/** The shards whose events are in these partitions. */
export const shardsIn = (assigned: readonly number[], { shards, partitions }: { shards: number; partitions: number }): readonly number[] =>
  Array.from({ length: shards }, (_, shard) => shard).filter((shard) => assigned.includes(partitionOf(shard, partitions)));

/** Makes the topic where it is missing. @returns how many partitions it has. */
export const ensureTopic = async (admin: Admin, topic: string, layout: TopicLayout = {}): Promise<number> => {
  const { partitions, replicationFactor, retentionMs } = { ...defaultLayout, ...layout };
  const existing = await admin.listTopics();
  if (!existing.includes(topic)) {
    const configEntries = [
      { name: "cleanup.policy", value: "delete" },
      { name: "retention.ms", value: String(retentionMs) },
      { name: "min.insync.replicas", value: String(Math.max(1, replicationFactor - 1)) },
    ];
    // Answers false where somebody else was faster.
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor, configEntries }] });
  }
  return partitionCount(admin, topic);
};

export const partitionCount = async (admin: Admin, topic: string): Promise<number> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
};
