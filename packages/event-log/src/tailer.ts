import type { LogReader, RecordedEvent, ShardCursor } from "./event-log.ts";
import { polling } from "./polling.ts";
import { tailBuffer } from "./tail-buffer.ts";

/**
 * One a process and log: reads the shards as they grow, keeps the newest events in memory and fans them out.
 * Nothing else in the process polls the log.
 */
export type Tailer = {
  /** Where the shards ended when the tailer last looked: `positions()[shard]`. */
  positions(): readonly bigint[];
  /** As `LogReader.read`, from memory where the cursor is recent, else from the log. */
  read(cursors: readonly ShardCursor[], limit: number): Promise<readonly RecordedEvent[]>;
  /** Resolves when a shard has moved beyond its cursor, or when the signal aborts. */
  waitBeyond(cursors: readonly ShardCursor[], signal: AbortSignal): Promise<void>;
  /** Every event that the tailer sees from now on, in order per shard. A listener must not block and must not throw. */
  onEvents(listener: (events: readonly RecordedEvent[]) => void): () => void;
  /** Looks at the log now and not at the next poll. Resolves when everything committed before the call has been seen, or the look has failed. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
};

export type TailerOptions = {
  log: LogReader;
  /** How many of the newest events stay in memory per shard. */
  bufferPerShard?: number;
  /** Events taken per shard and round trip. */
  batch?: number;
  minPollMs?: number;
  maxPollMs?: number;
  /** Told of each failed look at the log; the tailer goes on with its poll. */
  onError?: (error: unknown) => void;
};

/** Starts at the log's present heads: what was before is read from the log. */
export const tail = async (options: TailerOptions): Promise<Tailer> => {
  const { log, bufferPerShard = 1024, batch = 1000 } = options;
  const buffer = tailBuffer((await log.heads()).heads, bufferPerShard);
  const listeners = new Set<(events: readonly RecordedEvent[]) => void>();
  const waiters = new Set<() => void>();
  let stopped = false;

  const take = (events: readonly RecordedEvent[]) => {
    const { next, missing } = buffer.take(events);
    if (next.length > 0) {
      for (const listener of listeners) listener(next);
      for (const waiter of [...waiters]) waiter();
    }
    return { found: next.length > 0, missing };
  };
  const poll = polling({
    ...options,
    async look() {
      const events = await log.read(
        buffer.positions().map((after, shard) => ({ shard, after })),
        batch,
      );
      return !stopped && take(events).found;
    },
  });
  const beyond = (cursors: readonly ShardCursor[]) => cursors.some(({ shard, after }) => (buffer.positions()[shard] ?? 0n) > after);
  const unsubscribe = log.onWake((events) => {
    if (stopped) return;
    if (events.length === 0 || take(events).missing) void poll.now();
  });

  return {
    positions: buffer.positions,
    async read(cursors, limit) {
      const recent = cursors.map(({ shard, after }) => buffer.after(shard, after, limit));
      const far = cursors.filter(({ shard, after }, index) => recent[index] === null && (buffer.positions()[shard] ?? 0n) > after);
      const near = recent.flatMap((events) => events ?? []);
      return far.length === 0 ? near : [...near, ...(await log.read(far, limit))];
    },
    waitBeyond(cursors, signal) {
      if (stopped || signal.aborted || beyond(cursors)) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          waiters.delete(check);
          signal.removeEventListener("abort", done);
          resolve();
        };
        const check = () => {
          if (stopped || beyond(cursors)) done();
        };
        waiters.add(check);
        signal.addEventListener("abort", done, { once: true });
      });
    },
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    catchUp: poll.now,
    async stop() {
      stopped = true;
      unsubscribe();
      for (const waiter of [...waiters]) waiter();
      await poll.stop();
    },
  };
};
