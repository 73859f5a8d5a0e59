import type { LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { appendSink } from "../append-sink.ts";
import { type ConsumerOptions, consumer } from "../consumer.ts";
import { inMemoryProgress } from "../in-memory-progress.ts";
import type { Progress } from "../progress.ts";
import type { Source } from "../source.ts";
import { recordingMetrics } from "./recording-metrics.ts";

type Overrides = Partial<Pick<ConsumerOptions<RecordedEvent, unknown, unknown>, "limits" | "decode">> & {
  log?: LogReader;
  before?: (event: RecordedEvent) => Promise<void> | void;
};

/** For tests: a group that notes which events it has handled, in which order, over the life of several consumers. */
export const countingGroup = (log: LogReader, progress: Progress = inMemoryProgress()) => {
  const handled: RecordedEvent[] = [];
  const { metrics, count } = recordingMetrics();
  return {
    handled,
    progress,
    metrics,
    count,
    consume: (source: Source, { before, limits, ...overrides }: Overrides = {}) =>
      consumer({
        group: "counting",
        log,
        source,
        sink: appendSink({ progress }),
        handlers: {
          "*": async (event: RecordedEvent) => {
            await before?.(event);
            handled.push(event);
            return undefined;
          },
        },
        metrics,
        ...overrides,
        // Nothing is found by looking at the heads, unless a test wants that.
        limits: { headsMs: 600_000, maxBackoffMs: 100, ...limits },
      }),
    /** What is wrong: events that were handled twice, out of order in their stream, or not at all. */
    async faults() {
      const { heads } = await log.heads();
      const events = await log.read(
        heads.map((_, shard) => ({ shard, after: 0n })),
        1_000_000,
      );
      const ids = handled.map(({ eventId }) => eventId);
      const known = new Set(ids);
      const versions = new Map<string, number>();
      const disordered = handled.filter(({ streamId, version }) => {
        const isNext = version === (versions.get(streamId) ?? 0) + 1;
        versions.set(streamId, version);
        return !isNext;
      });
      return {
        twice: ids.length - known.size,
        missing: events.filter(({ eventId }) => !known.has(eventId)).length,
        disordered: disordered.length,
      };
    },
  };
};

export const noFaults = { twice: 0, missing: 0, disordered: 0 };
