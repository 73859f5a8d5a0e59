import { firstFailure, isRetryable } from "@cartwright/failures/is-retryable";
import type { Health } from "../health.ts";
import { waitingCheck } from "../health-checks.ts";
import type { Logger } from "../logger.ts";

/** What one attempt at a start holds. What is in its charge is given back when the attempt fails. */
export type StartScope = {
  /** Aborted when the attempt has failed, or when the process is to stop. */
  readonly signal: AbortSignal;
  /** Takes charge of a resource and answers it. */
  use<Resource extends Disposable | AsyncDisposable>(resource: Resource): Resource;
};

export type PatientStartOptions<Started> = {
  readonly begin: (scope: StartScope) => Promise<Started>;
  /** Of the process. */
  readonly signal: AbortSignal;
  /** Not ready until it has started, and says meanwhile what is waited for. */
  readonly health: Pick<Health, "register">;
  readonly logger: Logger;
  /** Before another attempt: between half of the first and the whole of the second, which grows to that. */
  readonly pausesMs?: readonly [first: number, longest: number];
};

/**
 * Starts what needs others that may come later, in whatever order all of them are started: an attempt that fails because
 * somebody is away is given back and made again, for as long as that takes.
 *
 * @throws what an attempt failed with when waiting does not mend that, and the signal's reason when it aborts.
 */
export const patientStart = async <Started extends AsyncDisposable>(
  options: PatientStartOptions<Started>,
): Promise<AsyncDisposable & { readonly started: Started }> => {
  const { signal, health, logger, pausesMs: [first, longest] = [250, 2_000] } = options;
  let waitsFor: string | null = "its start";
  health.register("start", waitingCheck({ waitsFor: () => waitsFor }));
  for (let attempt = 0; ; attempt += 1) {
    try {
      const running = await unlessAborted(attemptOf(options), signal);
      waitsFor = null;
      return running;
    } catch (error) {
      signal.throwIfAborted();
      const absence = absenceOf(error);
      if (absence === null) throw error;
      // Said when it is news, and now and then.
      if (absence !== waitsFor || attempt % attemptsToASaying === 0) logger.warn({}, `the start waits for ${absence}`);
      waitsFor = absence;
    }
    await pause(Math.min(longest, first * 2 ** Math.min(attempt, 20)), signal);
  }
};

const attemptOf = async <Started extends AsyncDisposable>({ begin, signal }: PatientStartOptions<Started>) => {
  await using attempt = new AsyncDisposableStack();
  const failed = new AbortController();
  const scope: StartScope = { signal: AbortSignal.any([signal, failed.signal]), use: (resource) => attempt.use(resource) };
  try {
    const started = attempt.use(await begin(scope));
    signal.throwIfAborted();
    const running = attempt.move();
    return { started, [Symbol.asyncDispose]: () => running.disposeAsync() };
  } catch (error) {
    // Nothing goes on looking for others on behalf of what is given back.
    failed.abort(new Error("the start is made again"));
    throw error;
  }
};

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

/** An attempt that is under way at the stop may end by itself, and is not waited for for long: it may hang on a server that hangs. */
const unlessAborted = async <Value>(attempt: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  let timer: Timer | undefined;
  const onAbort = () => {
    timer = setTimeout(() => reject(signal.reason), STOP_MS);
  };
  attempt.catch(() => {});
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([attempt, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  }
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
