import type { LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { assignment } from "./assignment.ts";
import { catchUp } from "./catch-up.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type ConsumerContext, type ConsumerLimits, defaultLimits } from "./consumer-context.ts";
import { consumerMetrics } from "./consumer-metrics.ts";
import type { ConsumerStatus } from "./consumer-status.ts";
import type { Around, Handlers } from "./handlers.ts";
import { headsWatch } from "./heads-watch.ts";
import { groupLag, type ShardLag } from "./lag.ts";
import { type Logger, type Metrics, noMetrics, silentLogger } from "./observability.ts";
import { runners } from "./runners.ts";
import { scheduler } from "./scheduler.ts";
import { type ShardRun, statusOf } from "./shard-run.ts";
import type { Sink } from "./sink.ts";
import type { OpenSource, Source } from "./source.ts";
import { takeTurn } from "./turn.ts";

export type ConsumerOptions<Event extends { type: string }, Tools, Effect> = {
  /** Names the progress. The same log is read again from its beginning under a new name. */
  group: string;
  /** The owner's log: asked for heads, and for what the source left out. */
  log: LogReader;
  source: Source;
  sink: Sink<Tools, Effect>;
  handlers: Handlers<NoInfer<Event>, NoInfer<Tools>, NoInfer<Effect>>;
  /** Parses and upcasts. A throw is a fault of the event. Without it handlers get the event as recorded. */
  decode?: (recorded: RecordedEvent) => Event | Promise<Event>;
  /** Where a new group begins; an old one goes on at its mark. Default: `beginning`. */
  startAt?: "beginning" | "heads";
  /** A type without a handler. `skip` (the default) is for somebody else's log; `fail` is for one's own and stops the shard. */
  unknownEvents?: "skip" | "fail";
  around?: Around;
  limits?: Partial<ConsumerLimits>;
  clock?: Clock;
  random?: () => number;
  logger?: Logger;
  metrics?: Metrics;
};

export type Consumer = AsyncDisposable & {
  /** Resolves when the source is open. Once. @throws when the source can't be opened. */
  start(): Promise<void>;
  /** Takes nothing new, finishes what is in flight, saves the marks, gives the shards up. */
  stop(): Promise<void>;
  /** Exact, over all shards of the log, also those that other processes hold. */
  lag(): Promise<readonly ShardLag[]>;
  status(): ConsumerStatus;
  /**
   * Resolves when everything that was in the log at the call is handled, skipped or parked on all shards, in whichever process.
   * @throws the signal's reason when it aborts first.
   */
  catchUp(signal?: AbortSignal): Promise<void>;
};

/**
 * Brings every event of a log to its handler and its effect to where it belongs, once, in order per shard. Progress is the
 * mark stored with the effect: what the source delivers is taken, dropped or fetched again by it alone.
 */
export const consumer = <Event extends { type: string } = RecordedEvent, Tools = unknown, Effect = unknown>(
  options: ConsumerOptions<Event, Tools, Effect>,
): Consumer => {
  const context = contextOf(options);
  const { of, log, sink, clock } = context;
  const runs = new Map<number, ShardRun>();
  const turnListeners = new Set<() => void>();
  let source: OpenSource | null = null;

  const flow = scheduler({
    context,
    runs,
    takeTurn: (group) => (source ? takeTurn(group, source, context) : Promise.resolve(0)),
    onTurn: () => {
      for (const listener of [...turnListeners]) listener();
    },
  });
  const changed = () => {
    if (source) flow.pump();
  };
  const assigned = assignment({ context, runs, settled: flow.settled, changed });
  let watch: ReturnType<typeof headsWatch> | null = null;

  const wake = (shards: Iterable<number> = runs.keys()) => {
    for (const shard of shards) {
      const run = runs.get(shard);
      if (run) run.pending = true;
    }
    if (source) flow.woken();
  };

  const save = () => {
    for (const run of runs.values()) if (run.mark !== run.stored) run.saveAt = 0;
    changed();
  };

  const stop = async () => {
    await watch?.stop();
    await flow.stop();
    await assigned.stop();
    await source?.close();
    source = null;
  };
  return {
    async start() {
      source = await options.source.open({ group: options.group, assign: assigned.assign, wake });
      watch = headsWatch({ context, runs, changed });
      flow.pump();
    },
    stop,
    lag: () => groupLag({ group: of.group, log, progress: sink.progress }),
    status: () => ({ ...of, running: source !== null, shards: [...runs.values()].map((run) => statusOf(run, clock.now().getTime())) }),
    catchUp: (signal) => catchUp({ context, turnListeners, save, signal }),
    [Symbol.asyncDispose]: stop,
  };
};

const contextOf = <Event extends { type: string }, Tools, Effect>(
  options: ConsumerOptions<Event, Tools, Effect>,
): ConsumerContext<Tools, Effect> => {
  const of = { group: options.group, log: options.log.name };
  // Without `decode` the event is what was recorded: `Event` is then inferred to be just that.
  const decode = options.decode ?? ((recorded: RecordedEvent) => recorded as unknown as Event);
  const around: Around = options.around ?? ((_events, call) => call());
  return {
    of,
    log: options.log,
    sink: options.sink,
    findRunner: runners({ ...of, handlers: options.handlers, decode, around }),
    startAt: options.startAt ?? "beginning",
    unknownEvents: options.unknownEvents ?? "skip",
    limits: { ...defaultLimits, ...options.limits },
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    logger: options.logger ?? silentLogger,
    metrics: consumerMetrics(options.metrics ?? noMetrics),
  };
};
