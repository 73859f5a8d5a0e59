import type { LogReader } from "@cartwright/event-log/event-log";
import type { Clock } from "./clock.ts";
import type { ConsumerMetrics } from "./consumer-metrics.ts";
import type { GroupOnLog } from "./mark.ts";
import type { Logger } from "./observability.ts";
import type { FindRunner } from "./runners.ts";
import type { Sink } from "./sink.ts";

/** What all parts of one consumer share. */
export type ConsumerContext<Tools, Effect> = {
  of: GroupOnLog;
  log: LogReader;
  sink: Sink<Tools, Effect>;
  findRunner: FindRunner<Tools, Effect>;
  startAt: "beginning" | "heads";
  unknownEvents: "skip" | "fail";
  limits: ConsumerLimits;
  clock: Clock;
  random: () => number;
  logger: Logger;
  metrics: ConsumerMetrics;
};

export type ConsumerLimits = {
  /** Events in one flush. Default 1,000. */
  batch: number;
  /**
   * How long the flow rests after a flush that was not half full, so that a trickle is not flushed event by event. The first
   * event after a rest goes at once. Default 0 ms.
   */
  restMs: number;
  /**
   * The longest that the mark may wait to be stored after events that concerned nobody. Default 1,000 ms; 0 stores it with each
   * flush.
   */
  saveMs: number;
  /** Attempts at an event before its stream is parked. Default 3. */
  attempts: number;
  /** Streams of one shard that may be parked; beyond it the shard stops and parks no more. Default 1,000. */
  parkedStreams: number;
  /** How often the owner is asked for its heads. Default 3,000 ms. */
  headsMs: number;
  /** The longest pause after a retryable error. Default 30,000 ms. */
  maxBackoffMs: number;
};

export const defaultLimits: ConsumerLimits = {
  batch: 1_000,
  restMs: 0,
  saveMs: 1_000,
  attempts: 3,
  parkedStreams: 1_000,
  headsMs: 3_000,
  maxBackoffMs: 30_000,
};

export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1_000);
