import { LRUCache } from "lru-cache";

export type SignInThrottle = {
  /**
   * Counts an attempt before it is made, so that guesses in parallel count too. Answers 0, or for how many milliseconds
   * this name has to wait; an attempt that has to wait is not counted, or a stranger could lock the owner out for good.
   */
  attempt(name: string, now: Date): number;
  succeeded(name: string): void;
};

/**
 * The first `free` attempts cost nothing; after that each failure doubles the pause, up to `longestPauseMs`. Kept in this
 * process and bounded: what it protects against is guessing, and behind it every guess costs a password hash.
 */
export const signInThrottle = ({
  free = 5,
  firstPauseMs = 1_000,
  longestPauseMs = 60_000,
  forgetAfterMs = 15 * 60_000,
  names = 10_000,
} = {}): SignInThrottle => {
  const attempts = new LRUCache<string, { count: number; lastAt: number; openAt: number }>({ max: names });

  return {
    attempt(name, now) {
      const at = now.getTime();
      const before = attempts.get(name);
      if (before && at < before.openAt) return before.openAt - at;
      const count = before && at - before.lastAt < forgetAfterMs ? before.count + 1 : 1;
      const pauseMs = count < free ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (count - free));
      attempts.set(name, { count, lastAt: at, openAt: at + pauseMs });
      return 0;
    },
    succeeded: (name) => {
      attempts.delete(name);
    },
  };
};
