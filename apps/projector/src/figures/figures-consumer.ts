import type { LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { type Consumer, type ConsumerOptions, consumer } from "@cartwright/messaging/consumer";
import type { BatchHandler } from "@cartwright/messaging/handlers";
import type { Sink } from "@cartwright/messaging/sink";
import type { Source } from "@cartwright/messaging/source";
import { countedLogs, type LogName } from "./counted-logs.ts";
import type { FiguresWriter } from "./figures-writer.ts";

export type FiguresConsumerOptions<Tools> = Pick<
  ConsumerOptions<RecordedEvent, Tools, void>,
  "around" | "limits" | "clock" | "logger" | "metrics"
> & {
  readonly of: LogName;
  readonly log: LogReader;
  readonly source: Source;
  readonly sink: Sink<Tools, void>;
  /** Where what is counted goes, of what the sink gives a handler. */
  readonly writerOf: (tools: Tools) => FiguresWriter;
  readonly group: string;
};

/** Counts what happens in one of the logs, each event once: the figures move with the mark. */
export const figuresConsumer = <Tools>({ of, writerOf, ...options }: FiguresConsumerOptions<Tools>): Consumer => {
  const { types, ignored, count } = countedLogs[of];
  // One handler for all types, so that successive events are counted in one go.
  const counting: BatchHandler<RecordedEvent, Tools, void> = {
    batch: (received, tools) =>
      count(
        received.map(({ recorded }) => recorded),
        writerOf(tools),
      ),
  };
  const counted = Object.fromEntries(types.map((type) => [type, counting]));
  const others = Object.fromEntries(ignored.map((type) => [type, "ignore" as const]));
  return consumer<RecordedEvent, Tools, void>({ ...options, handlers: { ...others, ...counted } });
};
