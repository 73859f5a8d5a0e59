/** What one attempt at a start holds. What is in its charge is given back when the attempt fails. */
export type StartScope = {
  /** Aborted when the attempt has failed or is given back, or when the process is to stop. */
  readonly signal: AbortSignal;
  /** Takes charge of a resource and answers it. Throws when the attempt was given back meanwhile, which ends it. */
  use<Resource extends Disposable | AsyncDisposable>(resource: Resource): Resource;
};

export type StartAttempt<Started> = {
  readonly outcome: Promise<AsyncDisposable & { readonly started: Started }>;
  /** Gives back what it holds, although it is still under way; does not wait for that for longer than so long. Never rejects. */
  giveBack(waitMs: number): Promise<void>;
};

type StartAttemptOptions<Started> = {
  readonly begin: (scope: StartScope) => Promise<Started>;
  /** Of the process. */
  readonly signal: AbortSignal;
};

export const startAttempt = <Started extends AsyncDisposable>({ begin, signal }: StartAttemptOptions<Started>): StartAttempt<Started> => {
  const held = new AsyncDisposableStack();
  const over = new AbortController();
  const isOver = new Error("the start is made again");
  const use: StartScope["use"] = (resource) => {
    if (!over.signal.aborted) return held.use(resource);
    void givenBack(resource);
    throw isOver;
  };
  const run = async () => {
    await using attempt = held;
    try {
      const started = use(await begin({ signal: AbortSignal.any([signal, over.signal]), use }));
      signal.throwIfAborted();
      const running = attempt.move();
      return { started, [Symbol.asyncDispose]: () => running.disposeAsync() };
    } catch (error) {
      // Nothing goes on looking for others on behalf of what is given back.
      over.abort(isOver);
      throw error;
    }
  };
  const outcome = run();
  return {
    outcome,
    async giveBack(waitMs) {
      over.abort(isOver);
      // It may have come to its end in this very moment.
      outcome.then(givenBack, () => {});
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, waitMs);
      await Promise.race([givenBack(held), late]);
      clearTimeout(timer);
    },
  };
};

/** Nobody waits any more for what comes of it. */
const givenBack = async (resource: Disposable | AsyncDisposable): Promise<void> => {
  try {
    await using _held = resource;
  } catch {}
};
