import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";

/** One a process: hands what the tailer sees to whoever listens to its stream. Nobody polls. */
export type LiveHub = {
  /** From this call on nothing of the stream is missed. It ends with the signal. */
  join(streamId: string, signal: AbortSignal): LiveFeed;
  /** Ends all feeds, and each that is joined from now on. */
  stop(): void;
};

export type LiveFeed = {
  /**
   * Waits for events and answers all that have come since the last call, in order. Null once the feed was left.
   * Of one who takes too long only the newest event is kept: a gap before it is to be read from the log.
   * @throws {LiveStopped} when the hub was stopped.
   */
  next(): Promise<readonly RecordedEvent[] | null>;
  leave(): void;
};

/**
 * The process goes down, and the subscription with it; another process takes it up. By this name tRPC cuts a stream of
 * server-sent events off, instead of telling the client that it is complete.
 */
export class LiveStopped extends Error {
  override readonly name = "AbortError";
  readonly retryable = true;
}

export type LiveHubOptions = {
  readonly tailer: Pick<Tailer, "onEvents">;
  readonly metrics?: Metrics | undefined;
  /** Events that wait for one subscriber. They are the tailer's own, not copies. */
  readonly queueLimit?: number;
};

export const liveHub = ({ tailer, metrics = noMetrics, queueLimit = 256 }: LiveHubOptions): LiveHub => {
  const byStream = new Map<string, Set<Subscriber>>();
  const { subscribers, fellBehind } = instruments(metrics);
  let count = 0;
  let stopped = false;

  const stopListening = tailer.onEvents((events) => {
    for (const event of events) {
      for (const subscriber of byStream.get(event.streamId) ?? []) if (!subscriber.take(event)) fellBehind.add({});
    }
  });
  const counted = (change: 1 | -1) => {
    count += change;
    subscribers.set({}, count);
  };

  const leave = (streamId: string, subscriber: Subscriber) => {
    const others = byStream.get(streamId);
    if (!others?.delete(subscriber)) return;
    if (others.size === 0) byStream.delete(streamId);
    counted(-1);
  };

  return {
    join(streamId, signal) {
      const subscriber = newSubscriber(queueLimit);
      const feed = {
        next: subscriber.next,
        leave() {
          signal.removeEventListener("abort", feed.leave);
          subscriber.end("left");
          leave(streamId, subscriber);
        },
      };
      if (stopped || signal.aborted) {
        subscriber.end(stopped ? "stopped" : "left");
        return feed;
      }
      signal.addEventListener("abort", feed.leave);
      const all = byStream.get(streamId) ?? new Set();
      byStream.set(streamId, all.add(subscriber));
      counted(1);
      return feed;
    },
    stop() {
      stopped = true;
      stopListening();
      for (const all of byStream.values()) for (const subscriber of all) subscriber.end("stopped");
    },
  };
};

type Subscriber = ReturnType<typeof newSubscriber>;

const newSubscriber = (queueLimit: number) => {
  let queue: RecordedEvent[] = [];
  let wake: (() => void) | undefined;
  let ended: "left" | "stopped" | undefined;

  const taken = (): readonly RecordedEvent[] | null => {
    if (ended === "stopped") throw new LiveStopped("the service stops");
    if (ended === "left") return null;
    const events = queue;
    queue = [];
    return events;
  };
  return {
    /** False when what waited had to be given up for it. */
    take(event: RecordedEvent): boolean {
      const room = queue.length < queueLimit;
      if (!room) queue = [];
      queue.push(event);
      wake?.();
      return room;
    },
    end(why: "left" | "stopped") {
      ended ??= why;
      queue = [];
      wake?.();
    },
    async next(): Promise<readonly RecordedEvent[] | null> {
      if (queue.length === 0 && ended === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      return taken();
    },
  };
};

const instruments = (metrics: Metrics) => ({
  subscribers: metrics.gauge({ name: "live_subscribers", help: "Subscriptions to carts that are open" }),
  fellBehind: metrics.counter({
    name: "live_fell_behind_total",
    help: "How often a subscriber was so slow that it had to read on from the log",
  }),
});
