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
  stop(): Promise<void>;
};

export type TailerOptions = {
  log: LogReader;
  /** How many of the newest events stay in memory over all shards. */
  buffer?: number;
  minPollMs?: number;
  maxPollMs?: number;
};
