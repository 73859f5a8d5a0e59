/** Time, so that a test can hold it. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `ms`; what it answers calls it off. */
  after(ms: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
