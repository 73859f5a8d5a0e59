import type { Clock } from "../clock.ts";

export type HeldClock = Clock & {
  /** Moves time on and calls back what is due on the way, in order. */
  advance(ms: number): void;
  /** How many calls back are waited for. */
  waiting(): number;
};

/** For tests: time that stands still until it is moved. */
export const heldClock = (start = "2026-01-01T00:00:00.000Z"): HeldClock => {
  let time = Date.parse(start);
  const waiting = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => new Date(time),
    after(ms, callback) {
      const entry = { at: time + ms, callback };
      waiting.add(entry);
      return () => {
        waiting.delete(entry);
      };
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
        if (!next) break;
        waiting.delete(next);
        time = Math.max(time, next.at);
        next.callback();
      }
      time = end;
    },
    waiting: () => waiting.size,
  };
};
