import type { LogReader } from "@cartwright/event-log/event-log";
import type { Kafka } from "kafkajs";
import { type Clock, systemClock } from "../clock.ts";
import { type Logger, type Metrics, noMetrics, silentLogger } from "../observability.ts";
import type { Source } from "../source.ts";
import { keepMembership } from "./keep-membership.ts";

export type KafkaSourceOptions = {
  kafka: Kafka;
  /** The owner's log, whose copy on the topic is read. */
  log: LogReader;
  /** `<KAFKA_GROUP_ID>.<service>`. The consumer's name and the topic follow: no two topics share a group at the brokers. */
  groupPrefix: string;
  limits?: Partial<KafkaSourceLimits>;
  clock?: Clock;
  logger?: Logger;
  metrics?: Metrics;
};

export type KafkaSourceLimits = {
  /** Bytes of messages that wait for one partition's shards, beyond which nothing is fetched for it. Default 4 MiB. */
  bufferBytes: number;
  /** A shard that is not read for so long does not hold up its partition's others any more. Default 2,000 ms. */
  unreadMs: number;
  /** A process that is silent for so long loses its partitions. Default 10,000 ms. */
  sessionMs: number;
  /** Default 1,000 ms. */
  heartbeatMs: number;
  /** The longest that a broker keeps a fetch waiting for messages. Default 100 ms. */
  maxWaitMs: number;
  /** How often offsets are committed and the log is asked for its epoch. Default 5,000 ms. */
  lookMs: number;
};

const defaultLimits: KafkaSourceLimits = {
  bufferBytes: 4 * 1024 * 1024,
  unreadMs: 2_000,
  sessionMs: 10_000,
  heartbeatMs: 1_000,
  maxWaitMs: 100,
  lookMs: 5_000,
};

/**
 * Reads the log's topic as a member of a group, which shares the partitions, and so the shards, among its processes. The
 * offset is only a cursor: what is delivered is taken, dropped or fetched from the log by the consumer's marks. Opening does
 * not wait for Kafka. While Kafka is away a process keeps its shards, and the consumer finds their events in the log.
 */
export const kafkaSource = (options: KafkaSourceOptions): Source => ({
  async open(listener) {
    const { clock = systemClock, logger = silentLogger, metrics = noMetrics } = options;
    const limits = { ...defaultLimits, ...options.limits };
    const membership = keepMembership({ ...options, limits, clock, logger, metrics, listener });
    return {
      async read(cursors, limit) {
        const intake = membership.intake();
        return intake ? { epoch: intake.epoch, events: intake.read(cursors, limit) } : { epoch: "", events: [] };
      },
      close: membership.close,
    };
  },
});
