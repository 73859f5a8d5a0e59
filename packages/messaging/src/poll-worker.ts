import { type Clock, systemClock } from "./clock.ts";
import { reasonOf } from "./consumer-context.ts";
import { type Logger, silentLogger } from "./observability.ts";

export type PollWorkerOptions<Item> = {
  name: string;
  /** Takes at most `limit` items that are due, under a lease, and says when there will be more; null when that is not known. */
  take: (limit: number) => Promise<{ taken: readonly Item[]; nextAt: Date | null }>;
  /** Not meant to throw: an item that does comes back when its lease ends. One that is slow holds no other up. */
  run: (item: Item) => Promise<void>;
  /** How many items may be running at once. */
  concurrency: number;
  maxPollMs?: number | undefined;
  clock?: Clock | undefined;
  logger?: Logger | undefined;
};

export type PollWorker = AsyncDisposable & {
  start(): void;
  /** Looks now: for whoever knows that something is due. */
  wake(): void;
  /** Takes no more and waits for what is running. */
  stop(): Promise<void>;
};

const afterErrorMs = 1_000;
const leastPauseMs = 20;

/** Looks when something is due, when it is woken, and at the latest after `maxPollMs`; one look at a time. */
export const pollWorker = <Item>(options: PollWorkerOptions<Item>): PollWorker => {
  const { name, take, run, concurrency, maxPollMs = 1_000, clock = systemClock, logger = silentLogger } = options;
  const running = new Set<Promise<void>>();
  let cancel = () => {};
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let isStarted = false;

  const launch = (item: Item) => {
    const done = run(item)
      .catch((error) => logger.error({ worker: name, error: reasonOf(error) }, "an item could not be run, and comes back with its lease"))
      .finally(() => {
        // Whichever ends first: more may be due than there was room for.
        const wasFull = running.size === concurrency;
        running.delete(done);
        if (wasFull) wake();
      });
    running.add(done);
  };

  const lookOnce = async (): Promise<number> => {
    const limit = concurrency - running.size;
    if (limit === 0) return maxPollMs;
    const { taken, nextAt } = await take(limit);
    for (const item of taken) launch(item);
    if (taken.length === limit) return running.size === concurrency ? maxPollMs : 0;
    // What is due and could not be taken is somebody else's at the moment.
    const least = taken.length > 0 ? 0 : leastPauseMs;
    return nextAt ? Math.min(maxPollMs, Math.max(least, nextAt.getTime() - clock.now().getTime())) : maxPollMs;
  };

  const look = async () => {
    let pauseMs = afterErrorMs;
    try {
      pauseMs = await lookOnce();
    } catch (error) {
      logger.warn({ worker: name, error: reasonOf(error) }, "a look failed and is tried again");
    }
    looking = null;
    if (!isStarted) return;
    if (lookAgain || pauseMs === 0) begin();
    else cancel = clock.after(pauseMs, begin);
  };
  const begin = () => {
    cancel();
    lookAgain = looking !== null;
    looking ??= look();
  };
  const wake = () => {
    if (isStarted) begin();
  };
  const stop = async () => {
    isStarted = false;
    cancel();
    await looking;
    await Promise.all(running);
  };
  return {
    start() {
      isStarted = true;
      begin();
    },
    wake,
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
