import { firstFailure, isRetryable } from "@cartwright/failures/is-retryable";
import type { Health } from "../health.ts";
import { waitingCheck } from "../health-checks.ts";
import type { Logger } from "../logger.ts";
import { type Metrics, noMetrics } from "../metrics.ts";
import { type StartScope, startAttempt } from "./start-attempt.ts";

export type PatientStartOptions<Started> = {
  readonly begin: (scope: StartScope) => Promise<Started>;
  /** Of the process. */
  readonly signal: AbortSignal;
  /** Not ready until it has started, and says meanwhile what is waited for. */
  readonly health: Pick<Health, "register">;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Before another attempt: between half of the first and the whole of the second, which grows to that. */
  readonly pausesMs?: readonly [first: number, longest: number];
  /** An attempt that is still under way is told of after so long, and then more and more seldom. */
  readonly tellAfterMs?: number;
  /** After which an attempt is given back and made again; each one that gets there gives the next twice as long. */
  readonly limitMs?: number;
};

/**
 * Starts what needs others that may come later, in whatever order all of them are started: an attempt that fails because
 * somebody is away is given back and made again, for as long as that takes. So is one that hangs.
 *
 * @throws what an attempt failed with when waiting does not mend that, and the signal's reason when it aborts.
 */
export const patientStart = async <Started extends AsyncDisposable>(
  options: PatientStartOptions<Started>,
): Promise<AsyncDisposable & { readonly started: Started }> => {
  const { signal, health, logger, metrics = noMetrics, pausesMs: [first, longest] = [250, 2_000], tellAfterMs = TELL_MS } = options;
  const attempts = metrics.counter({ name: "start_attempts_total", help: "Attempts at the start of the process" });
  let waitsFor: string | null = "its start";
  let { limitMs = LIMIT_MS } = options;
  let givenBack = 0;
  let begunAt = performance.now();
  const seconds = () => Math.round((performance.now() - begunAt) / 1000);
  const isLong = () => performance.now() - begunAt >= tellAfterMs;
  health.register(
    "start",
    waitingCheck({ waitsFor: () => (waitsFor && isLong() ? `${waitsFor} (this attempt: ${seconds()} s)` : waitsFor) }),
  );
  const tell = () => logger.warn({}, `the start has been waiting for ${seconds()} s`);

  for (let nth = 0; ; nth += 1) {
    begunAt = performance.now();
    attempts.add({});
    const attempt = startAttempt(options);
    try {
      const running = await outcomeWithin(attempt.outcome, { signal, limitMs, tellAfterMs, tell });
      waitsFor = null;
      return running;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AttemptHangs) {
        await attempt.giveBack(STOP_MS);
        limitMs *= 2;
        givenBack += 1;
      }
      // What one that hung still held when it went on, such as a port, is forgiven once.
      const absence = absenceOf(error) ?? (givenBack-- > 0 ? `what an attempt before held: ${String(error)}` : null);
      if (absence === null) throw error;
      // Said when it is news, and now and then.
      if (absence !== waitsFor || nth % attemptsToASaying === 0) logger.warn({}, `the start waits for ${absence}`);
      waitsFor = absence;
    }
    await pause(Math.min(longest, first * 2 ** Math.min(nth, 20)), signal);
  }
};

/** How an attempt ended that did not come to its end. */
class AttemptHangs extends Error {
  override readonly name = "AttemptHangs";
  readonly retryable = true;
}

/**
 * What is away, for whoever reads it; null of a fault that waiting does not mend. A database and a user that are not there
 * may yet be made, as the servers may yet be started.
 */
export const absenceOf = (failure: unknown): string | null => {
  const error = firstFailure(failure);
  if (!(error instanceof Error)) return null;
  if ("code" in error && NOT_LET_IN.test(String(error.code))) return `PostgreSQL: ${error.message}`;
  if (!isRetryable(error)) return null;
  // Our own errors name what is away. Whatever else a start asks is the database, whose driver's errors do not.
  return "retryable" in error ? error.message : `PostgreSQL: ${messageOf(error)}`;
};

/** Of several that were tried together, which say nothing as one, what each says. */
const messageOf = (error: Error): string =>
  error.message === "" && error instanceof AggregateError ? error.errors.map(String).join(", ") : error.message;

/** Invalid authorization, and a database that does not exist. */
const NOT_LET_IN = /^(?:28...|3D000)$/;

type Watch = {
  readonly signal: AbortSignal;
  readonly limitMs: number;
  readonly tellAfterMs: number;
  readonly tell: () => void;
};

/** An attempt that is under way at the stop may end by itself, and is not waited for for long: it may hang on a server that hangs. */
const outcomeWithin = async <Value>(outcome: Promise<Value>, { signal, limitMs, tellAfterMs, tell }: Watch): Promise<Value> => {
  const { promise: over, reject } = Promise.withResolvers<never>();
  using timers = new DisposableStack();
  const after = (ms: number, run: () => void) => timers.adopt(setTimeout(run, ms), clearTimeout);
  const tellAfter = (ms: number): Timer =>
    after(ms, () => {
      tell();
      tellAfter(Math.min(2 * ms, SELDOM_MS));
    });
  const onAbort = () => after(STOP_MS, () => reject(signal.reason));
  tellAfter(tellAfterMs);
  after(limitMs, () => reject(new AttemptHangs(`the end of an attempt that took longer than ${limitMs / 1000} s`)));
  outcome.catch(() => {});
  signal.addEventListener("abort", onAbort);
  timers.defer(() => signal.removeEventListener("abort", onAbort));
  return await Promise.race([outcome, over]);
};

/** Its upper half at random, so that many who wait for one server do not come back at once. */
const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms / 2 + Math.random() * (ms / 2));
  const wake = () => resolve();
  signal.addEventListener("abort", wake);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", wake);
  signal.throwIfAborted();
};

const attemptsToASaying = 30;
const STOP_MS = 5_000;
const TELL_MS = 10_000;
const SELDOM_MS = 300_000;

/**
 * Whatever a start does has limits of its own that are far below it, but for migrations, which may take hours. These are not cut off:
 * they run on a connection that is not given back, so that one of an attempt that was given back comes to its end and is committed,
 * while the next attempt waits for the lock of the migrations. It has twice as long, so that few of them wait.
 */
const LIMIT_MS = 600_000;
