/** Time, so that a test can hold it. */
export type Clock = {
  now(): Date;
  /** Calls back once after `ms`; what it answers calls it off. */
  after(ms: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => new Date(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
