import type { Clock } from "@cartwright/messaging/clock";

/** A clock that goes with the real one, and can be put forward; whoever waits for a moment looks again soon. */
export const skippingClock = (): Clock & { skip(ms: number): void } => {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    after(ms, callback) {
      // The end of a lease is no pause: it stays as far away as it is.
      const timer = setTimeout(callback, ms > LONGEST_PAUSE_MS ? ms : Math.min(ms, 50));
      return () => clearTimeout(timer);
    },
    skip: (ms) => {
      ahead += ms;
    },
  };
};

const LONGEST_PAUSE_MS = 10_000;
