import type { Consumer, Kafka, KafkaMessage } from "kafkajs";
import type { Clock } from "../clock.ts";
import { reasonOf } from "../consumer-context.ts";
import { partitionCount } from "./event-topic.ts";
import { KafkaUnavailable } from "./kafka-unavailable.ts";
import { withAdmin } from "./with-admin.ts";
import { within } from "./within.ts";

/** One membership in a consumer group on one topic, from joining to the first error. */
export type TopicSession = {
  /** Resolves with what ended it by itself. */
  readonly ended: Promise<Error>;
  commit(offsets: ReadonlyMap<number, bigint>): Promise<void>;
  /** Leaves the group. Takes a few seconds at most. */
  close(): Promise<void>;
};

export type PartitionControls = {
  pause(partition: number): void;
  resume(partition: number): void;
  /** Which message is taken next. */
  seek(partition: number, offset: bigint): void;
};

export type TopicSessionOptions = {
  kafka: Kafka;
  topic: string;
  groupId: string;
  limits: { sessionMs: number; heartbeatMs: number; maxWaitMs: number };
  clock: Clock;
  /** These of so many partitions are ours from now on. Called before the first messages of theirs. */
  onAssigned: (assigned: readonly number[], of: { partitions: number; controls: PartitionControls }) => void;
  onMessages: (partition: number, messages: readonly KafkaMessage[]) => void;
};

const closeTimeoutMs = 5_000;
const metadataMaxAgeMs = 30_000;

/** @throws {KafkaUnavailable} when the brokers or the topic are not there. */
export const openTopicSession = async (options: TopicSessionOptions): Promise<TopicSession> => {
  const { kafka, topic, groupId, limits, clock } = options;
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>();
  const member = kafka.consumer({
    groupId,
    sessionTimeout: limits.sessionMs,
    rebalanceTimeout: limits.sessionMs,
    heartbeatInterval: limits.heartbeatMs,
    maxWaitTimeInMs: limits.maxWaitMs,
    metadataMaxAge: metadataMaxAgeMs,
    allowAutoTopicCreation: false,
    // Whoever opened this session opens the next one, maybe on another topic.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
  });
  const assignment = followAssignment(member, options, end);
  member.on(member.events.CRASH, ({ payload }) => end(payload.error));
  const close = async () => {
    assignment.end();
    await within(member.disconnect(), { ms: closeTimeoutMs, clock, what: `${groupId}: leaving` }).catch(() => {});
  };
  try {
    await member.connect();
    await member.subscribe({ topic, fromBeginning: true });
    await member.run(runConfig(options, assignment));
  } catch (cause) {
    void close();
    throw new KafkaUnavailable(`${topic} could not be read: ${reasonOf(cause)}`, { cause });
  }
  return {
    ended,
    commit: (offsets) => member.commitOffsets([...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }))),
    close,
  };
};

type Assignment = {
  known: () => Promise<void>;
  /** Whatever is told from now on changes nothing. */
  end: () => void;
};

/**
 * Which shards are in a partition is known with the number of partitions at that moment; messages wait for it. Only the last
 * join counts: the answer that an earlier one asked for may come later than its own.
 */
const followAssignment = (member: Consumer, options: TopicSessionOptions, end: (error: Error) => void): Assignment => {
  const { kafka, topic, onAssigned } = options;
  const controls = controlsOf(member, topic);
  let lastJoin: symbol | null = null;
  let isOver = false;
  let known: Promise<void> = Promise.resolve();
  member.on(member.events.GROUP_JOIN, ({ payload }) => {
    // A member that is told to leave while it joins has joined before it leaves.
    if (isOver) return;
    const ours = payload.memberAssignment[topic] ?? [];
    const join = Symbol();
    lastJoin = join;
    known = withAdmin(kafka, (admin) => partitionCount(admin, topic))
      .then((partitions) => {
        if (join !== lastJoin) return;
        if (partitions === 0) throw new KafkaUnavailable(`${topic} has no partitions`);
        onAssigned(ours, { partitions, controls });
      })
      .catch((error) => {
        if (join === lastJoin) end(error);
      });
  });
  return {
    async known() {
      for (let awaited = null; awaited !== known; ) {
        awaited = known;
        await awaited;
      }
    },
    end() {
      isOver = true;
      lastJoin = null;
    },
  };
};

const controlsOf = (member: Consumer, topic: string): PartitionControls => ({
  pause: (partition) => whileRunning(() => member.pause([{ topic, partitions: [partition] }])),
  resume: (partition) => whileRunning(() => member.resume([{ topic, partitions: [partition] }])),
  seek: (partition, offset) => whileRunning(() => member.seek({ topic, partition, offset: String(offset) })),
});

/** kafkajs throws where its member has ended; the wish is of no use then. */
const whileRunning = (wish: () => void): void => {
  try {
    wish();
  } catch {}
};

type RunConfig = NonNullable<Parameters<Consumer["run"]>[0]>;

const heartbeatEvery = 500;

const runConfig = ({ onMessages }: TopicSessionOptions, assignment: Assignment): RunConfig => ({
  autoCommit: false,
  eachBatchAutoResolve: false,
  async eachBatch({ batch, resolveOffset, heartbeat, isStale, isRunning }) {
    await assignment.known();
    for (let at = 0; at < batch.messages.length && isRunning() && !isStale(); at += heartbeatEvery) {
      const messages = batch.messages.slice(at, at + heartbeatEvery);
      onMessages(batch.partition, messages);
      resolveOffset(messages.at(-1)?.offset ?? batch.lastOffset());
      await heartbeat();
    }
  },
});
