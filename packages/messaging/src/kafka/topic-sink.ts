import { movesOf } from "../moves.ts";
import type { Progress } from "../progress.ts";
import { piecesOf } from "../run-in-order.ts";
import type { DrainStep, ShardStep, Sink, StepOutcome } from "../sink.ts";
import type { EventMessage } from "./event-message.ts";
import { partitionOf } from "./event-topic.ts";
import type { TopicProducer } from "./topic-producer.ts";
import { bytesOf } from "./topic-producer.ts";

export type NoTools = Record<never, never>;

export type TopicSinkOptions = {
  progress: Progress;
  producer: TopicProducer;
  /** Told of an event that no broker would take. It stays away from the topic; consumers find it in the log. */
  onTooLarge: (message: EventMessage, bytes: number) => void;
  /** Default 1,040,000: a broker takes 1,048,588 bytes with all that is around a message, unless it is told otherwise. */
  maxMessageBytes?: number;
};

/** Effects are messages: the marks of a partition's shards move when the brokers have acknowledged that partition's. */
export const topicSink = ({
  progress,
  producer,
  onTooLarge,
  maxMessageBytes = 1_040_000,
}: TopicSinkOptions): Sink<NoTools, EventMessage> => {
  const isSendable = (message: EventMessage): boolean => {
    const bytes = bytesOf(message);
    if (bytes > maxMessageBytes) onTooLarge(message, bytes);
    return bytes <= maxMessageBytes;
  };
  /** Answers the error of each step, or undefined where its messages are there. */
  const send = async (steps: readonly Step[]): Promise<readonly unknown[]> => {
    const partitions = await producer.partitions();
    const byPartition = Map.groupBy(steps.keys(), (index) => partitionOf(steps[index]?.shard ?? 0, partitions));
    const errors: unknown[] = steps.map(() => undefined);
    const sendOne = async ([partition, indexes]: [number, number[]]) => {
      try {
        const messages = await messagesOf(indexes.flatMap((index) => steps[index] ?? []));
        const sendable = messages.filter(isSendable);
        if (sendable.length > 0) await producer.send(partition, sendable);
      } catch (error) {
        for (const index of indexes) errors[index] = error;
      }
    };
    await Promise.all([...byPartition].map(sendOne));
    return errors;
  };
  const carryOut = async (steps: readonly Step[]): Promise<readonly Settled[]> => {
    const errors = await send(steps).catch((error) => steps.map(() => error));
    return steps.map(({ work }, index) => {
      const error = errors[index];
      if (error === undefined) return { outcome: "settled", done: work.length };
      return { outcome: "settled", done: 0, stop: { at: 0, kind: "error", error } };
    });
  };
  return {
    progress,
    // Two, so that one is read and encoded while the other one is on its way.
    concurrency: 2,
    async flush(of, steps) {
      const ended = await carryOut(steps);
      const done = ended.map((step) => step.done);
      const fenced = await progress.move(of, movesOf(steps, done));
      return ended.map((outcome, index) => (fenced.includes(steps[index]?.shard ?? -1) ? { outcome: "fenced" } : outcome));
    },
    async drain(of, step) {
      const [ended] = await carryOut([step]);
      if (!ended || ended.done === 0) return ended ?? { outcome: "settled", done: 0 };
      const eventIds = step.work.map(({ event }) => event.eventId);
      const isOurs = await progress.parking.done({ ...of, streamId: step.streamId }, eventIds);
      return isOurs ? ended : { outcome: "fenced" };
    },
  };
};

type Step = Pick<ShardStep<NoTools, EventMessage> | DrainStep<NoTools, EventMessage>, "shard" | "work">;
type Settled = Extract<StepOutcome, { outcome: "settled" }>;

/** The shards' events mixed by the time when they were recorded, so that a place on the topic can be found by time. */
const messagesOf = async (steps: readonly Step[]): Promise<readonly EventMessage[]> => {
  const timed: { message: EventMessage; time: number }[] = [];
  let [step, time] = [-1, 0];
  for (const piece of piecesOf(steps)) {
    const message = await piece.work.runner.run([piece.work], {});
    const recordedAt = piece.work.event.recordedAt.getTime();
    // Never before one of the same shard that stands before it: the order of a shard is that of its positions.
    time = piece.step === step ? Math.max(time, recordedAt) : recordedAt;
    step = piece.step;
    if ("value" in message) timed.push({ message, time });
  }
  return timed.sort((left, right) => left.time - right.time).map(({ message }) => message);
};
