import type { Clock } from "./clock.ts";

/** Waits of one loop that can be cut short, and ended for good. */
export type Pauses = {
  pause(ms: number): Promise<void>;
  /** Ends the present pause. */
  wake(): void;
  /** Ends all. */
  end(): void;
  isOver(): boolean;
};

export const pauses = (clock: Clock): Pauses => {
  let isOver = false;
  let wake = () => {};
  return {
    pause: (ms) =>
      new Promise((resolve) => {
        if (isOver) return resolve();
        const cancel = clock.after(ms, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      }),
    wake: () => wake(),
    end() {
      isOver = true;
      wake();
    },
    isOver: () => isOver,
  };
};
