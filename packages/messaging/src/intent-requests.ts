import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type postgres from "postgres";
import { type Consumer, type ConsumerOptions, consumer } from "./consumer.ts";
import type { BatchHandler } from "./handlers.ts";
import { type Intent, requestIntents } from "./intents.ts";
import { shardLeases } from "./leases.ts";
import type { LogFeed } from "./log-feed.ts";
import type { PollWorker } from "./poll-worker.ts";
import { reactionTo } from "./reaction.ts";
import { type TableTools, tableSink } from "./table-sink.ts";

export type IntentRequestsOptions<Event extends { type: string }> = Pick<
  ConsumerOptions<Event, TableTools, void>,
  "around" | "limits" | "clock" | "logger" | "metrics"
> & {
  readonly group: string;
  /** Of the service's own log. */
  readonly feed: LogFeed;
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly service: string;
  readonly decode: (recorded: RecordedEvent) => Event;
  /** What an event asks the outside world for. */
  readonly requestOf: (event: Event) => Pick<Intent, "id" | "kind" | "payload"> | null;
  /** Woken when there is something to do. */
  readonly worker: Pick<PollWorker, "wake">;
  readonly now: () => Date;
};

/** Turns events of a service's own log into intents, in the transaction that moves the mark. */
export const intentRequests = <Event extends { type: string }>(options: IntentRequestsOptions<Event>): Consumer => {
  const { group, feed, sql, schema, service, decode, requestOf, worker, now, ...observed } = options;
  const request: BatchHandler<Event, TableTools, void> = {
    async batch(received, { tx, log }) {
      const intents = received.flatMap(({ event, ...context }): readonly Intent[] => {
        const wanted = requestOf(event);
        if (!wanted) return [];
        // Each is asked for in its own event's trace: a batch holds those of several people.
        const { metadata } = reactionTo({ ...context, log }, { service, traceparent: undefined });
        return [{ ...wanted, streamId: context.recorded.streamId, metadata }];
      });
      await requestIntents(tx, schema, { intents, now: now() });
    },
  };
  const sink = tableSink({ sql, schema });
  return consumer<Event, TableTools, void>({
    ...observed,
    group,
    log: feed.log,
    source: feed.source(shardLeases({ sql, schema, ...(observed.logger && { logger: observed.logger }) })),
    sink: {
      ...sink,
      async flush(of, steps) {
        const outcomes = await sink.flush(of, steps);
        worker.wake();
        return outcomes;
      },
    },
    decode,
    // One handler for every type; the types are the compiler's business where the events are made.
    handlers: { "*": request } as ConsumerOptions<Event, TableTools, void>["handlers"],
  });
};
