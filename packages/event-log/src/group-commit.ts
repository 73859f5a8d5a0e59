import { AppendRejected, LogOverloaded, LogUnavailable } from "./errors.ts";
import type { AppendResult, AppendUnit } from "./event-log.ts";

/** What rides in a batch: `size` is about the bytes it puts on the wire. */
export type QueuedUnit<Prepared> = { unit: AppendUnit; prepared: Prepared; size: number };

export type GroupCommitOptions<Prepared> = {
  /** One transaction for the whole batch; results in the batch's order. Batches of one lane are written one after another. */
  write: (batch: readonly QueuedUnit<Prepared>[], lane: number) => Promise<readonly AppendResult[]>;
  isRetryable: (error: unknown) => boolean;
  maxUnits?: number;
  maxSize?: number;
  /** Connections that may write side by side. Units of different lanes seldom need the same locks, and wait for them if they do. */
  lanes?: number;
  laneOf?: (prepared: Prepared) => number;
  /** So many units must wait before each lane gets a batch of its own; fewer share one, and with it one fsync. */
  splitAt?: number;
  /** Of shared batches: the one that runs and those that wait behind it on the connection, so that the server never waits. */
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
  const { maxUnits = 512, maxSize = 1_000_000, maxInFlight = 2, maxQueued = 20_000, splitAt = 128 } = options;
  const { lanes = 1, laneOf = () => 0 } = options;
  let queue: readonly Waiting<Prepared>[] = [];
  let arrived: Waiting<Prepared>[] = [];
  let shared = 0;
  const busy = new Set<number>();
  let scheduled = false;
  let waitForIdle: (() => void)[] = [];

  const isIdle = () => shared === 0 && busy.size === 0;

  const flush = () => {
    scheduled = false;
    if (arrived.length > 0) queue = [...queue, ...arrived];
    arrived = [];
    if (lanes > 1 && queue.length >= splitAt) {
      for (let lane = 0; lane < lanes && shared === 0; lane++) if (!busy.has(lane)) sendLane(lane);
    } else if (busy.size === 0) {
      while (queue.length > 0 && shared < maxInFlight) sendShared();
    }
    if (!isIdle()) return;
    const told = waitForIdle;
    waitForIdle = [];
    for (const tell of told) tell();
  };

  const sendShared = () => {
    const { batch, later } = nextBatch(queue, { maxUnits, maxSize });
    queue = later;
    shared += 1;
    void settle(options, batch, 0).finally(() => {
      shared -= 1;
      flush();
    });
  };

  const sendLane = (lane: number) => {
    const { batch, later } = nextBatch(queue, { maxUnits, maxSize, rides: ({ prepared }) => laneOf(prepared) === lane });
    if (batch.length === 0) return;
    queue = later;
    busy.add(lane);
    void settle(options, batch, lane).finally(() => {
      busy.delete(lane);
      flush();
    });
  };

  return {
    append: (queued: QueuedUnit<Prepared>): Promise<AppendResult> =>
      new Promise((resolve, reject) => {
        const waiting = queue.length + arrived.length;
        if (waiting >= maxQueued) return reject(new LogOverloaded(`${waiting} units are waiting to be appended`));
        arrived.push({ ...queued, resolve, reject });
        if (scheduled || shared >= maxInFlight || busy.size === lanes) return;
        scheduled = true;
        // What the same turn of the event loop brings shares the batch; a timer would add a millisecond.
        afterThisTurn(flush);
      }),
    /** Resolves when nothing is queued or in flight, for all who wait for it. */
    drained: (): Promise<void> =>
      isIdle() && !scheduled
        ? Promise.resolve()
        : new Promise((resolve) => {
            waitForIdle.push(resolve);
          }),
  };
};

/** Where a runtime has no such thing, what comes in one go shares the batch at least. */
const afterThisTurn: (run: () => void) => void = typeof setImmediate === "function" ? setImmediate : queueMicrotask;

/** The longest-waiting units that fit. A second unit of a stream, or of a key, must see what the first did: it waits. */
const nextBatch = <Prepared>(
  queue: readonly Waiting<Prepared>[],
  { maxUnits, maxSize, rides = () => true }: { maxUnits: number; maxSize: number; rides?: (waiting: Waiting<Prepared>) => boolean },
) => {
  const batch: Waiting<Prepared>[] = [];
  const later: Waiting<Prepared>[] = [];
  const taken = new Set<string>();
  let size = 0;
  for (const [index, waiting] of queue.entries()) {
    if (batch.length >= maxUnits || (size + waiting.size > maxSize && batch.length > 0)) {
      later.push(...queue.slice(index));
      break;
    }
    if (!rides(waiting)) {
      later.push(waiting);
      continue;
    }
    const names = namesOf(waiting.unit);
    const waits = names.some((name) => taken.has(name));
    for (const name of names) taken.add(name);
    if (waits) {
      later.push(waiting);
      continue;
    }
    batch.push(waiting);
    size += waiting.size;
  }
  return { batch, later };
};

const namesOf = (unit: AppendUnit): readonly string[] => [
  ...unit.streams.map((stream) => stream.streamId),
  // Keys are another namespace; no stream's id begins with a slash.
  ...unit.commands.map((command) => `/${command.key}`),
];

const settle = async <Prepared>(
  options: GroupCommitOptions<Prepared>,
  batch: readonly Waiting<Prepared>[],
  lane: number,
): Promise<void> => {
  try {
    const results = await writeUntilKnown(options, batch, lane);
    for (const [index, waiting] of batch.entries()) {
      const result = results[index];
      if (result) waiting.resolve(result);
      else waiting.reject(new LogUnavailable("the log answered fewer results than it was given units"));
    }
  } catch (error) {
    if (error instanceof LogUnavailable) {
      for (const waiting of batch) waiting.reject(error);
    } else if (batch.length > 1) {
      // One of them is poison; alone, each fails or succeeds for itself.
      for (const waiting of batch) await settle(options, [waiting], lane);
    } else {
      batch[0]?.reject(new AppendRejected("the database refused the unit", { cause: error }));
    }
  }
};

/** A batch whose answer was lost is written again: what it did the first time is answered from its receipts. */
const writeUntilKnown = async <Prepared>(
  { write, isRetryable, retryForMs = 10_000 }: GroupCommitOptions<Prepared>,
  batch: readonly Waiting<Prepared>[],
  lane: number,
): Promise<readonly AppendResult[]> => {
  const giveUpAt = performance.now() + retryForMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(500, pauseMs * 2)) {
    try {
      return await write(batch, lane);
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (performance.now() > giveUpAt) throw new LogUnavailable("the log can't be reached", { cause: error });
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
    }
  }
};
