import { backoffMs } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Consumer } from "./consumer.ts";
import { reasonOf } from "./consumer-context.ts";
import type { LogFeed } from "./log-feed.ts";
import { type Logger, silentLogger } from "./observability.ts";

export type FollowerOptions = {
  /** Whose log it is, for whoever asks what is waited for. */
  readonly name: string;
  /** There once the owner has been found, in whatever order services start. */
  readonly feed: Promise<LogFeed>;
  readonly open: (feed: LogFeed) => Consumer;
  readonly clock?: Clock;
  readonly logger?: Logger;
};

export type Follower = AsyncDisposable & {
  /** Null until the owner's log has been found. */
  consumer(): Consumer | null;
  /** What is still waited for; null once the consumer runs. */
  waitsFor(): string | null;
};

/** A consumer of somebody else's log, begun as soon as that log is there. What keeps it from beginning is tried again. */
export const follower = ({ name, feed, open, clock = systemClock, logger = silentLogger }: FollowerOptions): Follower => {
  let consumer: Consumer | null = null;
  let isRunning = false;
  let stopped = false;
  let cancel = () => {};
  let beginning = Promise.resolve();

  const begin = async (found: LogFeed, attempt: number): Promise<void> => {
    if (stopped) return;
    let opened: Consumer | null = null;
    try {
      opened = open(found);
      await opened.start();
      consumer = opened;
      isRunning = true;
    } catch (error) {
      await opened?.stop().catch(() => {});
      logger.warn({ log: name, error: reasonOf(error) }, "a log can't be followed yet");
      if (stopped) return;
      cancel = clock.after(backoffMs(attempt), () => {
        beginning = begin(found, attempt + 1);
      });
    }
  };
  feed.then(
    (found) => {
      beginning = begin(found, 1);
    },
    // Whoever looked for it has given up, as a process does that stops.
    (error) => logger.info({ log: name, error: reasonOf(error) }, "a log is not looked for any more"),
  );

  return {
    consumer: () => consumer,
    waitsFor: () => (isRunning ? null : `the log of ${name}`),
    async [Symbol.asyncDispose]() {
      stopped = true;
      cancel();
      await beginning;
      await consumer?.stop();
    },
  };
};
