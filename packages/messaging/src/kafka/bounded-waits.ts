import type { Clock } from "../clock.ts";
import { within } from "./within.ts";

/** Waits of one owner, each for so long at most, that can all be ended at once. Nothing is kept of one that is over. */
export type BoundedWaits = {
  /** @throws {KafkaUnavailable} when the time is over first; or what all waits were ended with. */
  waitFor<Value>(promise: Promise<Value>, what: string): Promise<Value>;
  /** Ends those that are open and those that begin from now on, unless what they wait for is there already. */
  end(error: Error): void;
};

export const boundedWaits = ({ ms, clock }: { ms: number; clock: Clock }): BoundedWaits => {
  // And not one promise that all of them race against: it would remember each race for as long as it lives itself.
  const open = new Set<(error: Error) => void>();
  let ended: Error | null = null;
  return {
    async waitFor(promise, what) {
      const { promise: over, reject } = Promise.withResolvers<never>();
      open.add(reject);
      if (ended) reject(ended);
      try {
        return await within(Promise.race([promise, over]), { ms, clock, what });
      } finally {
        open.delete(reject);
      }
    },
    end(error) {
      ended = error;
      for (const reject of open) reject(error);
    },
  };
};
