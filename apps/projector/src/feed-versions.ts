import { type Clock, systemClock } from "@cartwright/messaging/clock";
import type { Consumer } from "@cartwright/messaging/consumer";
import type { Logger } from "@cartwright/service-kit/logger";
import type { FedVersions } from "./projection-versions.ts";

export type FeedVersionsOptions = {
  /** The projection's name, for whoever reads of it. */
  readonly name: string;
  /** Which versions are to be fed now. */
  readonly wanted: () => Promise<FedVersions>;
  /** A consumer that feeds a version, not started yet. */
  readonly open: (version: number) => Consumer;
  /** Called at every look, before anything is begun or ended. */
  readonly onWanted?: (now: FedVersions) => void;
  /** Called at every look, when all that is wanted is fed, and nothing else. */
  readonly onFed?: (now: FedVersions) => Promise<void>;
  /**
   * Called when a version that was fed here is wanted no more. What it has may have been removed long ago, and some of it
   * written again by us: a process that was frozen knows nothing of that.
   */
  readonly onDropped?: (version: number) => Promise<void>;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly everyMs?: number;
};

/** What it tells is of the version that is shown. */
export type VersionsFeed = Consumer & {
  /** Looks now which versions are to be fed. */
  look(): Promise<void>;
  /** The version that was shown at the last look. */
  shown(): number;
};

/** Feeds every version of a projection that is wanted, and looks again and again which these are. */
export const feedVersions = (options: FeedVersionsOptions): VersionsFeed => {
  const { name, wanted, open, onWanted = () => {}, onFed = async () => {}, logger, clock = systemClock, everyMs = 1_000 } = options;
  const fed = new Map<number, Consumer>();
  const left = new Set<number>();
  let shown = 1;

  const reconcile = async () => {
    const now = await wanted();
    onWanted(now);
    shown = now.shown;
    await endOthers({ fed, left }, now, options);
    for (const version of now.versions) {
      if (fed.has(version)) continue;
      fed.set(version, await started(open(version)));
      if (version !== shown) logger.info({ projection: name, version }, "another version is fed");
    }
    await onFed(now);
  };

  let stopped = false;
  let cancel = () => {};
  let looking = Promise.resolve();
  const look = () => {
    cancel();
    looking = looking.then(async () => {
      if (stopped) return;
      await reconcile().catch((err: unknown) => logger.warn({ err, projection: name }, "it can't be looked at which versions are fed"));
      cancel();
      if (!stopped) cancel = clock.after(everyMs, look);
    });
    return looking;
  };
  const stop = async () => {
    stopped = true;
    cancel();
    await looking;
    await Promise.all([...fed.values()].map((consumer) => consumer.stop()));
  };
  const ofShown = (): Consumer => {
    const consumer = fed.get(shown);
    if (!consumer) throw new Error(`the version of ${name} that is shown is not fed here`);
    return consumer;
  };
  return {
    async start() {
      try {
        await reconcile();
      } catch (error) {
        // Whoever could not start it has nothing to stop, and some versions may be fed.
        await stop().catch(() => {});
        throw error;
      }
      cancel = clock.after(everyMs, look);
    },
    stop,
    lag: async () => ofShown().lag(),
    status: () => ofShown().status(),
    catchUp: async (signal) => ofShown().catchUp(signal),
    look,
    shown: () => shown,
    [Symbol.asyncDispose]: stop,
  };
};

const started = async (consumer: Consumer): Promise<Consumer> => {
  try {
    await consumer.start();
    return consumer;
  } catch (error) {
    // It is opened anew at the next look, and this one may hold something.
    await consumer.stop().catch(() => {});
    throw error;
  }
};

type Ending = { readonly fed: Map<number, Consumer>; readonly left: Set<number> };

const endOthers = async ({ fed, left }: Ending, { versions }: FedVersions, { name, onDropped, logger }: FeedVersionsOptions) => {
  for (const [version, consumer] of fed) {
    if (versions.includes(version)) continue;
    await consumer.stop();
    fed.delete(version);
    left.add(version);
    logger.info({ projection: name, version }, "a version is no longer fed");
  }
  for (const version of left) {
    await onDropped?.(version);
    left.delete(version);
  }
};
