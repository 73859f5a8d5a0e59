import { type MeasuredTime, type Measurement, startRecorder } from "./measurement.ts";

export type Load = {
  /** How many operations are under way at every moment. */
  inFlight: number;
  /** `slot` is one of 0 to `inFlight - 1`; a slot's operations come one after another and `turn` counts them from 0. */
  operation: (slot: number, turn: number) => Promise<unknown>;
};

/** A closed loop: each slot begins its next operation when its last one has ended. */
export const measure = async ({ inFlight, operation }: Load, time: MeasuredTime): Promise<Measurement> => {
  const recorder = startRecorder(time);
  const run = async (slot: number): Promise<void> => {
    for (let turn = 0; !recorder.isOver(); turn++) {
      const startedAt = performance.now();
      try {
        await operation(slot, turn);
        recorder.succeeded(startedAt, performance.now());
      } catch (error) {
        recorder.failed(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, slot) => run(slot)));
  return recorder.measurement();
};
