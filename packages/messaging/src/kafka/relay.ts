import type { LogReader } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { Kafka } from "kafkajs";
import { type Clock, systemClock } from "../clock.ts";
import { type Consumer, consumer } from "../consumer.ts";
import type { ConsumerLimits } from "../consumer-context.ts";
import { reasonOf } from "../consumer-context.ts";
import type { ShardLeases } from "../leases.ts";
import { logSource } from "../log-source.ts";
import { type Logger, type Metrics, noMetrics, silentLogger } from "../observability.ts";
import { pauses } from "../pauses.ts";
import type { Progress } from "../progress.ts";
import { type EventMessage, encodeMessage } from "./event-message.ts";
import { type TopicLayout, topicOf } from "./event-topic.ts";
import { topicProducer } from "./topic-producer.ts";
import { type NoTools, topicSink } from "./topic-sink.ts";
import { wholeLogLease } from "./whole-log-lease.ts";

export type RelayOptions = {
  /** The service's own. */
  log: LogReader;
  kafka: Kafka;
  progress: Progress;
  /** Lets one of several processes at a time publish. Without it this process believes to be alone. */
  leases?: ShardLeases;
  tailer?: Tailer;
  topic?: TopicLayout;
  /** For how long a partition may take to acknowledge. Default 15,000 ms. */
  sendTimeoutMs?: number;
  limits?: Partial<ConsumerLimits>;
  clock?: Clock;
  logger?: Logger;
  metrics?: Metrics;
};

/** As any consumer: `lag()` is what is in the log and not yet on the topic. */
export type Relay = Consumer & { readonly topic: string };

/** How often it is seen to that the topic is there, also while nothing is appended. */
const topicLookMs = 10_000;
/** How often it is asked whether this process is the one that publishes now. */
const idleLookMs = 250;

/**
 * Publishes a log on its topic, which it makes: every event at least once, those of a shard in order. It is a consumer whose
 * effects are messages; its group is named after the topic, so that a fresh topic gets all that is in the log.
 */
export const relay = (options: RelayOptions): Relay => {
  const { log, kafka, progress, leases, tailer, clock = systemClock, logger = silentLogger, metrics = noMetrics } = options;
  const topic = topicOf(log);
  const { sendTimeoutMs = 15_000 } = options;
  const producer = topicProducer({ kafka, topic, layout: options.topic ?? {}, sendTimeoutMs, clock });
  const leftOut = metrics.counter({ name: "relay_left_out_total", help: "Events too large for a message", labels: ["topic"] });

  const publishing = consumer<{ type: string } & Parameters<typeof encodeMessage>[0], NoTools, EventMessage>({
    group: `relay-to-${topic}`,
    log,
    source: logSource({ log, ...(tailer && { tailer }), ...(leases && { leases: wholeLogLease(leases) }) }),
    sink: topicSink({
      progress,
      producer,
      onTooLarge({ headers }, bytes) {
        leftOut.add({ topic });
        logger.warn({ topic, ...headers, bytes }, "an event is too large for a message: consumers will read it from the log");
      },
    }),
    handlers: { "*": (event, { epoch }) => encodeMessage(event, epoch) },
    limits: { batch: 4_000, ...options.limits },
    clock,
    logger,
    metrics,
  });

  const resting = pauses(clock);
  const keepTopic = async () => {
    while (!resting.isOver()) {
      const isOurs = publishing.status().shards.length > 0;
      if (isOurs)
        await producer.look().catch((error) => logger.warn({ topic, error: reasonOf(error) }, "the topic could not be looked after"));
      await resting.pause(isOurs ? topicLookMs : idleLookMs);
    }
  };
  const stop = async () => {
    resting.end();
    producer.end();
    await publishing.stop();
    await producer.close();
  };
  return {
    ...publishing,
    topic,
    async start() {
      await publishing.start();
      void keepTopic();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
