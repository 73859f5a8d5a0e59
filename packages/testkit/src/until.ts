import { setTimeout as delay } from "node:timers/promises";

export type UntilOptions = {
  readonly timeoutMs?: number;
  /** What is waited for, to be read in the failure. */
  readonly what?: string;
};

type Truthy<Value> = Exclude<Value, undefined | null | false | 0 | "">;

/**
 * Waits until the condition holds and answers its value. It is asked again after 1, 2, 4 … 50 ms; one that throws does
 * not hold yet.
 *
 * @throws after `timeoutMs`, with the last that the condition threw as the cause.
 */
export const until = async <Value>(
  condition: () => Value | Promise<Value>,
  { timeoutMs = 10_000, what = "the condition" }: UntilOptions = {},
): Promise<Truthy<Value>> => {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, 50)) {
    try {
      const value = await condition();
      // What is left of a union without its falsy members is what TypeScript calls Truthy here.
      if (value) return value as Truthy<Value>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(`${what} did not hold within ${timeoutMs} ms`, { cause });
    await delay(pauseMs);
  }
};
