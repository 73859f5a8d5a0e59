/**
 * How long to wait before the next attempt, in milliseconds: at most twice as long each time, anywhere up to that, so that clients that
 * lost the same service do not come back at once.
 * @param attempt 1 after the first failure.
 */
export const backoffMs = (attempt: number, random: () => number = Math.random): number =>
  Math.round(Math.min(maxMs, firstMs * 2 ** (attempt - 1)) * (0.5 + random() / 2));

const firstMs = 250;
const maxMs = 15_000;
