import { type Clock, systemClock } from "@cartwright/messaging/clock";
import type { Consumer } from "@cartwright/messaging/consumer";
import type { CartViewsListener } from "@cartwright/read-model/cart-views-over";
import type { Logger } from "@cartwright/service-kit/logger";
import type { FedVersions } from "../projection-versions.ts";

export type CartViewVersionsOptions = {
  /** Which versions are to be fed now. */
  readonly wanted: () => Promise<FedVersions>;
  /** A consumer that feeds a version, not started yet. */
  readonly open: (version: number, listener: CartViewsListener) => Consumer;
  /** The views that are read in this process: told of the version that is shown, and to remember nothing while there are several. */
  readonly listener: CartViewsListener;
  /** Called at every look with the version that is shown. */
  readonly onShown?: (version: number) => Promise<void>;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly everyMs?: number;
};

export type CartViewVersions = AsyncDisposable & {
  /** Of the version that is shown. */
  readonly consumer: Pick<Consumer, "lag" | "status" | "catchUp">;
  /** Looks now which versions are to be fed. */
  look(): Promise<void>;
};

/** Feeds every version of the cart view that is wanted, and looks again and again which these are. */
export const startCartViewVersions = async (options: CartViewVersionsOptions): Promise<CartViewVersions> => {
  const { wanted, open, listener, onShown = async () => {}, logger, clock = systemClock, everyMs = 1_000 } = options;
  const fed = new Map<number, Consumer>();
  let shown = 1;
  const listenerOf = (version: number): CartViewsListener => ({
    applied: (views) => version === shown && listener.applied(views),
    doubted: (views) => version === shown && listener.doubted(views),
  });

  const reconcile = async () => {
    const now = await wanted();
    // Off before another version is shown, on only when no other is left.
    if (now.versions.length > 1) listener.remember?.(false);
    shown = now.shown;
    for (const [version, consumer] of fed) {
      if (now.versions.includes(version)) continue;
      fed.delete(version);
      await consumer.stop();
      logger.info({ version }, "a version of the cart view is no longer fed");
    }
    for (const version of now.versions) {
      if (fed.has(version)) continue;
      const consumer = open(version, listenerOf(version));
      await consumer.start();
      fed.set(version, consumer);
      if (version !== shown) logger.info({ version }, "another version of the cart view is fed");
    }
    if (now.versions.length === 1) listener.remember?.(true);
    await onShown(shown);
  };

  await reconcile();
  let stopped = false;
  let cancel = () => {};
  let looking = Promise.resolve();
  const look = () => {
    cancel();
    looking = looking.then(async () => {
      if (stopped) return;
      await reconcile().catch((err: unknown) => logger.warn({ err }, "the versions of the cart view can't be looked at"));
      cancel();
      if (!stopped) cancel = clock.after(everyMs, look);
    });
    return looking;
  };
  cancel = clock.after(everyMs, look);

  return {
    consumer: shownOf(() => fed.get(shown)),
    look,
    async [Symbol.asyncDispose]() {
      stopped = true;
      cancel();
      await looking;
      await Promise.all([...fed.values()].map((consumer) => consumer.stop()));
    },
  };
};

const shownOf = (find: () => Consumer | undefined): CartViewVersions["consumer"] => {
  const shown = (): Consumer => {
    const consumer = find();
    if (!consumer) throw new Error("the version of the cart view that is shown is not fed here");
    return consumer;
  };
  return {
    lag: async () => shown().lag(),
    status: () => shown().status(),
    catchUp: async (signal) => shown().catchUp(signal),
  };
};
