import type { EventLog, RecordedEvent } from "@cartwright/event-log/event-log";
import { expect } from "vitest";
import { type ConsumerOptions, consumer } from "../consumer.ts";
import type { ConsumerLimits } from "../consumer-context.ts";
import type { HandlerContext, NotYet } from "../handlers.ts";
import type { Sink } from "../sink.ts";
import type { Source } from "../source.ts";
import { appendEvents } from "../testing/events.ts";

const quick: Partial<ConsumerLimits> = { headsMs: 25, maxBackoffMs: 20 };

export class DependencyAway extends Error {
  override readonly name = "DependencyAway";
  readonly retryable = true;
}

type Rule<Tools> = (event: RecordedEvent, context: HandlerContext<Tools>) => Promise<NotYet | undefined> | NotYet | undefined;
type Overrides<Tools, Effect> = Partial<
  Pick<
    ConsumerOptions<RecordedEvent, Tools, Effect>,
    "source" | "sink" | "group" | "limits" | "unknownEvents" | "startAt" | "metrics" | "logger"
  >
> & {
  /** Runs before the effect. */
  before?: Rule<Tools>;
  /** Runs after the effect and before the mark. */
  after?: (event: RecordedEvent) => void;
};

/** What the promises are tried with. */
export const bench = <Tools, Effect>(under: ConsumerUnderTest<Tools, Effect>) => {
  const streams = Array.from({ length: 12 }, (_, index) => `cart-${index}-${crypto.randomUUID().slice(0, 8)}`);
  const append = (streamId: string, count = 1, type = "Counted") => appendEvents(under.log, { streamId, count, type });
  return {
    streams,
    append,
    appendEverywhere: async (rounds = 5) => {
      for (let round = 0; round < rounds; round++) await Promise.all(streams.map((streamId) => append(streamId, 1 + (round % 3))));
    },
    consume: ({ before, after, limits, ...overrides }: Overrides<Tools, Effect> = {}) =>
      consumer<RecordedEvent, Tools, Effect>({
        group: "counting",
        log: under.log,
        source: under.source(),
        sink: under.sink(),
        handlers: {
          Counted: async (event, context) => {
            const wait = await before?.(event, context);
            if (wait) return wait;
            const effect = await under.apply(event, context);
            after?.(event);
            return effect;
          },
        },
        ...overrides,
        limits: { ...quick, ...limits },
      }),
    /** Every event of the log had its effect once, in order in its stream; `except` had none. */
    expectEachOnce: async ({ except = [] }: { except?: readonly string[] } = {}) => {
      const seen = await under.seen();
      const byStream = Map.groupBy(seen, ({ streamId }) => streamId);
      for (const streamId of streams.filter((each) => !except.includes(each))) {
        const length = (await under.log.readStream(streamId)).length;
        const versions = (byStream.get(streamId) ?? []).map(({ version }) => version);
        expect(versions, streamId).toEqual(Array.from({ length }, (_, index) => index + 1));
      }
    },
  };
};

/** One source and one sink. Every `source()` and `sink()` is as another process of the same group would have it. */
export type ConsumerUnderTest<Tools, Effect> = AsyncDisposable & {
  log: EventLog;
  source(): Source;
  /** A source that shares the shards with others, where the combination has one. */
  sharedSource?(owner: string): Source;
  sink(): Sink<Tools, Effect>;
  /** An effect that is seen twice if it is had twice. */
  apply(event: RecordedEvent, context: HandlerContext<Tools>): Promise<Effect>;
  /** The effects in the order in which they were had. */
  seen(): Promise<readonly Seen[]>;
};

export type Seen = { streamId: string; version: number };

export type Run<Tools, Effect> = (under: ConsumerUnderTest<Tools, Effect>, bench: Bench<Tools, Effect>) => Promise<void>;
export type WithConsumer<Tools, Effect> = (name: string, run: Run<Tools, Effect>) => void;
export type Bench<Tools, Effect> = ReturnType<typeof bench<Tools, Effect>>;
