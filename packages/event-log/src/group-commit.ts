import { AppendRejected, LogOverloaded, LogUnavailable } from "./errors.ts";
import type { AppendResult, AppendUnit } from "./event-log.ts";

/** What rides in a batch: `size` is about the bytes it puts on the wire. */
export type QueuedUnit<Prepared> = { unit: AppendUnit; prepared: Prepared; size: number };

export type GroupCommitOptions<Prepared> = {
  /** One transaction for the whole batch; results in the batch's order. */
  write: (batch: readonly QueuedUnit<Prepared>[]) => Promise<readonly AppendResult[]>;
  isRetryable: (error: unknown) => boolean;
  maxUnits?: number;
  maxSize?: number;
  /** The one that runs and those that wait behind it on the connection, so that the server never waits for us. */
  maxInFlight?: number;
  maxQueued?: number;
  /** How long a batch whose outcome is unknown is tried again before its callers are told. */
  retryForMs?: number;
};

type Waiting<Prepared> = QueuedUnit<Prepared> & {
  resolve: (result: AppendResult) => void;
  reject: (error: unknown) => void;
};

/** Puts the units of all callers into few transactions. A unit's failure is its caller's alone. */
export const groupCommit = <Prepared>(options: GroupCommitOptions<Prepared>) => {
  const { write, isRetryable, maxUnits = 512, maxSize = 1_000_000, maxInFlight = 2, maxQueued = 20_000, retryForMs = 10_000 } = options;
  let queue: Waiting<Prepared>[] = [];
  let inFlight = 0;
  let scheduled = false;
  let idle: (() => void) | undefined;

  const writeAgain = async (batch: readonly Waiting<Prepared>[]): Promise<readonly AppendResult[]> => {
    const giveUpAt = performance.now() + retryForMs;
    for (let pauseMs = 10; ; pauseMs = Math.min(500, pauseMs * 2)) {
      try {
        return await write(batch);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        if (performance.now() > giveUpAt) throw new LogUnavailable("the log can't be reached", { cause: error });
        await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
      }
    }
  };

  const settle = async (batch: readonly Waiting<Prepared>[]) => {
    try {
      const results = await writeAgain(batch);
      batch.forEach((waiting, index) => {
        const result = results[index];
        if (result) waiting.resolve(result);
        else waiting.reject(new LogUnavailable("the log answered fewer results than it was given units"));
      });
    } catch (error) {
      if (error instanceof LogUnavailable) return batch.forEach((waiting) => waiting.reject(error));
      if (batch.length > 1) {
        // One of them is poison; alone, each fails or succeeds for itself.
        for (const waiting of batch) await settle([waiting]);
        return;
      }
      batch[0]?.reject(new AppendRejected("the database refused the unit", { cause: error }));
    }
  };

  const nextBatch = (): Waiting<Prepared>[] => {
    const batch: Waiting<Prepared>[] = [];
    const later: Waiting<Prepared>[] = [];
    const taken = new Set<string>();
    let size = 0;
    for (const [index, waiting] of queue.entries()) {
      if (batch.length >= maxUnits || (size + waiting.size > maxSize && batch.length > 0)) {
        later.push(...queue.slice(index));
        break;
      }
      // A second unit of a stream, or of a key, must see what the first one did: it waits for the next batch.
      const names = namesOf(waiting.unit);
      if (names.some((name) => taken.has(name))) {
        later.push(waiting);
        for (const name of names) taken.add(name);
        continue;
      }
      for (const name of names) taken.add(name);
      batch.push(waiting);
      size += waiting.size;
    }
    queue = later;
    return batch;
  };

  const flush = () => {
    scheduled = false;
    while (queue.length > 0 && inFlight < maxInFlight) {
      const batch = nextBatch();
      inFlight += 1;
      void settle(batch).finally(() => {
        inFlight -= 1;
        if (inFlight === 0 && queue.length === 0) idle?.();
        flush();
      });
    }
  };

  return {
    append: (queued: QueuedUnit<Prepared>): Promise<AppendResult> =>
      new Promise((resolve, reject) => {
        if (queue.length >= maxQueued) return reject(new LogOverloaded(`${queue.length} units are waiting to be appended`));
        queue.push({ ...queued, resolve, reject });
        if (scheduled || inFlight >= maxInFlight) return;
        scheduled = true;
        // What the same turn of the event loop brings shares the batch; a timer would add a millisecond.
        queueMicrotask(flush);
      }),
    /** Resolves when nothing is queued or in flight. */
    drained: (): Promise<void> =>
      inFlight === 0 && queue.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idle = resolve;
          }),
  };
};

const namesOf = (unit: AppendUnit): readonly string[] => [
  ...unit.streams.map((stream) => `stream ${stream.streamId}`),
  ...unit.commands.map((command) => `key ${command.key}`),
];
