import type { Clock } from "../clock.ts";
import { KafkaUnavailable } from "./kafka-unavailable.ts";

/**
 * What the promise settles with, or after `ms` an error; whatever it settles with later is of no interest.
 * @throws {KafkaUnavailable} when the time is over first.
 */
export const within = async <Value>(promise: Promise<Value>, { ms, clock, what }: { ms: number; clock: Clock; what: string }) => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(ms, () => reject(new KafkaUnavailable(`${what} took longer than ${ms} ms`)));
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
};
