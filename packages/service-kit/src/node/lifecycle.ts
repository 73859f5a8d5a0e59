import { ignoresHangUp } from "./hang-up.ts";

/** What a process holds while it runs. */
export type ProcessScope = {
  /** Aborted when the process is to stop, also in the middle of its start; its reason is an error that names why. */
  readonly signal: AbortSignal;
  /** Takes charge of a resource and answers it. Throws when the process is already to stop, which ends its start. */
  use<Resource extends Disposable | AsyncDisposable>(resource: Resource): Resource;
  /** Stops the process as a signal would. */
  stop(reason: string): void;
  /** Stops the process, and it ends with a failure: something is lost that it cannot do without. */
  fail(error: unknown): void;
};

export type ProcessOptions = {
  /** Builds all that the process holds, in order. A throw ends the process with a failure. */
  readonly start: (scope: ProcessScope) => Promise<void>;
  /** How a failure is told, and the bug behind it if it is one; on standard error, unless given. */
  readonly report?: (line: string, bug?: unknown) => void;
  /** What a clean stop may take before the process ends without it; orchestrators kill after thirty seconds. */
  readonly stopTimeoutMs?: number;
};

/**
 * Runs a process from its start to its exit: builds what it holds, waits for a signal or a failure, and gives everything
 * back in the reverse order. It exits with 0 after a clean stop and with 1 after a failure, which is one line for whoever
 * reads it: of an error that says whether it is `retryable` the message, of a bug the stack as well.
 */
export const runProcess = async ({ start, report = toStandardError, stopTimeoutMs = 25_000 }: ProcessOptions): Promise<never> => {
  const held = new AsyncDisposableStack();
  const stopping = new AbortController();
  const { signal } = stopping;
  let failed = false;

  const stop = (reason: string) => {
    if (!signal.aborted) stopping.abort(new Error(reason));
  };
  const end = (error: unknown, bug: unknown) => {
    // What breaks in the wake of a first failure is no news.
    if (failed) return;
    failed = true;
    report(lineOf(error), bug);
    stop("failure");
  };
  const fail = (error: unknown) => end(error, isForeseen(error) ? undefined : error);
  // Whatever the error is, that nobody caught it is a bug.
  const failUnheard = (error: unknown) => end(error, error);
  const use = <Resource extends Disposable | AsyncDisposable>(resource: Resource): Resource => {
    held.use(resource);
    signal.throwIfAborted();
    return resource;
  };

  const stopRequest = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  process.on("uncaughtException", failUnheard);
  process.on("unhandledRejection", failUnheard);
  onSignals((name, impatient) => {
    if (impatient) process.exit(1);
    stop(name);
  });

  const started = start({ signal, use, stop, fail }).catch((error) => {
    // A start that is to stop may well break over it.
    if (!signal.aborted) fail(error);
  });
  await stopRequest;
  setTimeout(() => {
    report(`it did not stop within ${stopTimeoutMs / 1000} seconds and ends as it is`);
    process.exit(1);
  }, stopTimeoutMs);
  await started;
  await held.disposeAsync().catch(fail);
  process.exit(failed ? 1 : 0);
};

const toStandardError = (line: string, bug?: unknown) => {
  process.stderr.write(`${bug instanceof Error ? (bug.stack ?? line) : line}\n`);
};

/** Infrastructure errors say whether a retry helps; anything else that gets here is a bug. */
const isForeseen = (error: unknown): error is Error => error instanceof Error && "retryable" in error;
const lineOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * One Ctrl-C arrives twice, from the terminal and from the `bun run` above us: only a later one is impatience. Where we
 * were started to outlive our terminal, its end is not for us.
 */
const onSignals = (receive: (name: NodeJS.Signals, impatient: boolean) => void): void => {
  let firstAt: number | undefined;
  const listener = (name: NodeJS.Signals) => {
    const now = performance.now();
    receive(name, name === "SIGINT" && firstAt !== undefined && now - firstAt > IMPATIENT_AFTER_MS);
    firstAt ??= now;
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, listener);
  if (!ignoresHangUp()) process.on("SIGHUP", listener);
};

const IMPATIENT_AFTER_MS = 1_000;
