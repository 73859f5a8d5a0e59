/** Exponential, capped, with the upper half at random, so that many who wait for one thing do not come back at once. */
export const backoffMs = (failures: number, { baseMs = 100, maxMs = 30_000, random = Math.random } = {}): number => {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return full / 2 + random() * (full / 2);
};
