import type { LogReader, RecordedEvent, ShardCursor } from "./event-log.ts";

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
  const { log, bufferPerShard = 1024, batch = 1000, minPollMs = 5, maxPollMs = 250, onError = () => {} } = options;
  const positions = [...(await log.heads()).heads];
  const buffers: RecordedEvent[][] = positions.map(() => []);
  const listeners = new Set<(events: readonly RecordedEvent[]) => void>();
  const waiters = new Set<() => void>();
  let stopped = false;
  let pollMs = minPollMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking: Promise<void> | null = null;
  let lookAgain = false;

  /** Takes what comes next in each shard and says whether something between is missing. */
  const take = (events: readonly RecordedEvent[]): { missing: boolean } => {
    const next: RecordedEvent[] = [];
    let missing = false;
    for (const event of events) {
      const buffer = buffers[event.shard];
      const position = positions[event.shard] ?? 0n;
      if (!buffer || event.position <= position) continue;
      if (event.position > position + 1n) {
        missing = true;
        continue;
      }
      positions[event.shard] = event.position;
      next.push(event);
      buffer.push(event);
      // Cut in halves, so that a busy shard does not shift its whole buffer for every event.
      if (buffer.length >= 2 * bufferPerShard) buffer.splice(0, buffer.length - bufferPerShard);
    }
    if (next.length > 0) {
      for (const listener of listeners) listener(next);
      for (const waiter of [...waiters]) waiter();
    }
    return { missing };
  };

  const lookOnce = async () => {
    const events = await log.read(
      positions.map((after, shard) => ({ shard, after })),
      batch,
    );
    if (stopped || events.length === 0) return false;
    take(events);
    return true;
  };

  const look = (): Promise<void> => {
    if (stopped) return Promise.resolve();
    if (looking) {
      lookAgain = true;
      return looking;
    }
    clearTimeout(timer);
    looking = (async () => {
      try {
        do {
          lookAgain = false;
          const found = await lookOnce();
          pollMs = found ? minPollMs : Math.min(maxPollMs, pollMs * 2);
          lookAgain ||= found;
        } while (lookAgain && !stopped);
      } catch (error) {
        pollMs = maxPollMs;
        onError(error);
      } finally {
        looking = null;
        if (!stopped) timer = setTimeout(look, pollMs);
      }
    })();
    return looking;
  };

  const beyond = (cursors: readonly ShardCursor[]) => cursors.some(({ shard, after }) => (positions[shard] ?? 0n) > after);
  const unsubscribe = log.onWake((events) => {
    if (stopped) return;
    if (events.length === 0 || take(events).missing) void look();
  });
  timer = setTimeout(look, pollMs);

  return {
    positions: () => positions,
    async read(cursors, limit) {
      const far: ShardCursor[] = [];
      const near: RecordedEvent[] = [];
      for (const cursor of cursors) {
        const recent = recentEvents(buffers[cursor.shard] ?? [], cursor.after, limit);
        if (recent) near.push(...recent);
        else if ((positions[cursor.shard] ?? 0n) > cursor.after) far.push(cursor);
      }
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
    catchUp: look,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      unsubscribe();
      for (const waiter of [...waiters]) waiter();
      await looking;
    },
  };
};

/** Null when the buffer does not reach back to the cursor. */
const recentEvents = (buffer: readonly RecordedEvent[], after: bigint, limit: number): readonly RecordedEvent[] | null => {
  const first = buffer[0];
  if (!first || first.position > after + 1n) return null;
  const start = Number(after + 1n - first.position);
  return buffer.slice(start, start + limit);
};
