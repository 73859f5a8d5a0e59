import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";

export type VersionWaitsOptions = {
  /** The views that are there of these carts. */
  look: (cartIds: readonly CartId[]) => Promise<ReadonlyMap<CartId, CartView>>;
  /** Calls back once after `ms`; what it answers calls it off. */
  after: (ms: number, callback: () => void) => () => void;
};

export type VersionWaits = {
  /** See `CartViews.waitForVersion`. */
  wait(cartId: CartId, version: number, within: { timeoutMs: number; signal?: AbortSignal }): Promise<CartView | null>;
  /** Ends the waits for which these views are new enough. */
  tell(views: Iterable<CartView>): void;
};

type Wait = { version: number; resolve: (view: CartView | null) => void; reject: (error: unknown) => void };

const firstPauseMs = 5;
const longestPauseMs = 100;

/** All who wait share one look at the store at a time: one at once for whoever comes, then ever more seldom. */
export const versionWaits = ({ look, after }: VersionWaitsOptions): VersionWaits => {
  const waits = new Map<CartId, Set<Wait>>();
  let pauseMs = firstPauseMs;
  let cancel = () => {};
  let looking = false;
  let lookAgain = false;

  const tell = (views: Iterable<CartView>) => {
    if (waits.size === 0) return;
    for (const view of views) for (const wait of waits.get(view.cartId) ?? []) if (view.version >= wait.version) wait.resolve(view);
  };
  const lookOnce = async () => {
    try {
      tell((await look([...waits.keys()])).values());
    } catch (error) {
      for (const some of waits.values()) for (const wait of some) wait.reject(error);
    }
  };
  const lookNow = async () => {
    cancel();
    lookAgain = looking;
    if (looking) return;
    looking = true;
    do {
      lookAgain = false;
      await lookOnce();
    } while (lookAgain && waits.size > 0);
    looking = false;
    if (waits.size > 0) cancel = after(pauseMs, lookNow);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  };

  const add = (cartId: CartId, wait: Wait) => {
    waits.set(cartId, (waits.get(cartId) ?? new Set()).add(wait));
    pauseMs = firstPauseMs;
    void lookNow();
  };
  const remove = (cartId: CartId, wait: Wait) => {
    const others = waits.get(cartId);
    others?.delete(wait);
    if (others?.size === 0) waits.delete(cartId);
    if (waits.size === 0) cancel();
  };

  return {
    tell,
    async wait(cartId, version, { timeoutMs, signal }) {
      if (signal?.aborted) return null;
      const { promise, resolve, reject } = Promise.withResolvers<CartView | null>();
      const wait = { version, resolve, reject };
      const giveUp = () => resolve(null);
      const cancelTimeout = after(timeoutMs, giveUp);
      signal?.addEventListener("abort", giveUp, { once: true });
      add(cartId, wait);
      try {
        return await promise;
      } finally {
        remove(cartId, wait);
        cancelTimeout();
        signal?.removeEventListener("abort", giveUp);
      }
    },
  };
};
