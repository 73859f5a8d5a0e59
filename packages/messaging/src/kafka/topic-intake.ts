import type { LogReader, RecordedEvent, ShardCursor } from "@cartwright/event-log/event-log";
import type { Kafka, KafkaMessage } from "kafkajs";
import type { Clock } from "../clock.ts";
import { reasonOf } from "../consumer-context.ts";
import type { Logger, Metrics } from "../observability.ts";
import type { SourceListener } from "../source.ts";
import { backPressure, type Partition } from "./back-pressure.ts";
import { decodeEvent, placeOf } from "./event-message.ts";
import { shardsIn } from "./event-topic.ts";
import { seekToMarks } from "./seek-to-marks.ts";
import { type ShardBuffers, shardBuffers } from "./shard-buffers.ts";
import type { PartitionControls } from "./topic-session.ts";

/** What comes in from one topic, between the driver, which pushes, and the consumer, which reads. */
export type TopicIntake = {
  readonly epoch: string;
  readonly topic: string;
  readonly groupId: string;
  /** These of so many partitions are ours, instead of those before. */
  assigned(numbers: readonly number[], of: { partitions: number; controls: PartitionControls }): void;
  take(partition: number, messages: readonly KafkaMessage[]): void;
  read(cursors: readonly ShardCursor[], limit: number): readonly RecordedEvent[];
  /** For each partition the first message that may be needed again. */
  offsets(): ReadonlyMap<number, bigint>;
  /** Nothing is ours any more. */
  close(): void;
};

export type TopicIntakeOptions = {
  kafka: Kafka;
  log: LogReader;
  epoch: string;
  topic: string;
  groupId: string;
  listener: SourceListener;
  limits: { bufferBytes: number; unreadMs: number };
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
};

type Ours = { partitions: ReadonlyMap<number, Partition>; controls: PartitionControls; pressure: ReturnType<typeof backPressure> };

export const topicIntake = (options: TopicIntakeOptions): TopicIntake => {
  const { epoch, topic, groupId, listener, clock, logger } = options;
  const buffers = shardBuffers(() => clock.now().getTime());
  const takeOne = messageTaker(buffers, options);
  let ours: Ours | null = null;
  const isCurrent = (partition: Partition) => ours?.partitions.get(partition.number) === partition;
  const onSkipped = (shards: readonly number[]) => logger.warn({ topic, groupId, shards }, "shards that stand still are passed over");

  return {
    epoch,
    topic,
    groupId,
    assigned(numbers, of) {
      const { controls } = of;
      for (const { number, isPaused } of ours?.partitions.values() ?? []) if (isPaused) controls.resume(number);
      ours?.pressure.end();
      const partitions = new Map(numbers.map((number) => [number, newPartition(number, options, of)]));
      ours = { partitions, controls, pressure: backPressure({ ...options, buffers, controls, isCurrent, onSkipped }) };
      const shards = [...partitions.values()].flatMap((partition) => partition.shards);
      buffers.hold(shards);
      listener.assign(shards).catch((error) => logger.error({ topic, groupId, error: reasonOf(error) }, "the shards could not be changed"));
    },
    take(number, messages) {
      const partition = ours?.partitions.get(number);
      if (!ours || !partition) return;
      const news = new Set<number>();
      for (const message of messages) {
        const shard = takeOne(message);
        if (shard !== null) news.add(shard);
        partition.next = BigInt(message.offset) + 1n;
      }
      if (news.size > 0) listener.wake(news);
      ours.pressure.afterTaking(partition);
    },
    read(cursors, limit) {
      const events = buffers.read(cursors, limit);
      for (const partition of ours?.partitions.values() ?? []) {
        ours?.pressure.afterReading(partition);
        if (partition.isUnplaced && partition.shards.every((shard) => buffers.cursor(shard) !== null))
          void place(partition, {
            buffers,
            options,
            seek: (offset) => isCurrent(partition) && ours?.controls.seek(partition.number, offset),
          });
      }
      return events;
    },
    close() {
      ours?.pressure.end();
      ours = null;
      buffers.hold([]);
    },
    offsets: () => new Map([...(ours?.partitions.values() ?? [])].flatMap((partition) => neededOffset(partition, buffers))),
  };
};

const newPartition = (number: number, { log }: TopicIntakeOptions, { partitions }: { partitions: number }): Partition => ({
  number,
  shards: shardsIn([number], { shards: log.shards, partitions }),
  next: null,
  isPaused: false,
  isUnplaced: true,
});

const neededOffset = ({ number, shards, next }: Partition, buffers: ShardBuffers): readonly [number, bigint][] =>
  next === null ? [] : [[number, buffers.leastOffset(shards) ?? next]];

type Placing = { buffers: ShardBuffers; options: TopicIntakeOptions; seek: (offset: bigint) => void };

/** Once the marks are known: a group that comes from elsewhere need not read a topic from its beginning. */
const place = async (partition: Partition, { buffers, options, seek }: Placing): Promise<void> => {
  partition.isUnplaced = false;
  const marks = partition.shards.map((shard) => ({ shard, after: buffers.cursor(shard) ?? 0n }));
  try {
    const offset = await seekToMarks(marks, partition.number, options);
    if (offset !== null && offset > (partition.next ?? 0n)) seek(offset);
  } catch (error) {
    const { logger, topic, groupId } = options;
    logger.warn({ topic, groupId, partition: partition.number, error: reasonOf(error) }, "the marks' place on the topic is not known");
  }
};

/** Keeps an event that is news, and answers its shard; null for all else. */
const messageTaker = (buffers: ShardBuffers, { epoch, topic, log, listener, logger, metrics }: TopicIntakeOptions) => {
  const messages = metrics.counter({
    name: "kafka_source_messages_total",
    help: "Messages by what became of them; dropped are those at or below the mark, of another's shard, or here already",
    labels: ["group", "log", "outcome"],
  });
  const count = (outcome: "taken" | "dropped" | "foreign" | "unreadable"): null => {
    messages.add({ group: listener.group, log: log.name, outcome });
    return null;
  };
  return ({ headers, value, offset }: KafkaMessage): number | null => {
    const place = placeOf(headers);
    if (place?.epoch !== epoch) return count("foreign");
    if (!buffers.wants(place.shard, place.position)) return count("dropped");
    const event = decodeEvent(value, place);
    if (!event) {
      logger.warn({ topic, offset, shard: place.shard, position: String(place.position) }, "a message is no event: the log has it");
      return count("unreadable");
    }
    count("taken");
    buffers.add({ event, offset: BigInt(offset), bytes: value?.length ?? 0 });
    return place.shard;
  };
};
