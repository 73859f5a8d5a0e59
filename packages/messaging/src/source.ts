import type { RecordedEvent, ShardCursor } from "@cartwright/event-log/event-log";

/**
 * Where a consumer's events come from: the owner's log itself, or a broker that carries a copy of it. A source may repeat,
 * drop and reorder; what is to be done with an event is decided by the consumer's mark alone.
 */
export type Source = {
  /** Begins to read. Called once by one consumer. */
  open(listener: SourceListener): Promise<OpenSource>;
};

/** The consumer, as the source sees it. */
export type SourceListener = {
  /** Whose shards a source hands out (leases, a broker's assignment) says so by these. */
  readonly group: string;
  /**
   * The shards that are this process's from now on, instead of those before. Resolves when nothing of the shards that
   * were given up is in flight any more, so that they can be handed to another process.
   */
  assign(shards: readonly number[]): Promise<void>;
  /** Something may have come in, for these shards or for any. A hint: it may be for nothing. */
  wake(shards?: Iterable<number>): void;
};

export type OpenSource = {
  /**
   * What is there for these shards, at most `limit` events a shard, without waiting. Best are the events right above
   * each cursor; duplicates, gaps and disorder are allowed. May read ahead, within a bound.
   * @throws a retryable error when the source is away.
   */
  read(cursors: readonly ShardCursor[], limit: number): Promise<Delivery>;
  /** Gives the shards up and ends. The consumer has nothing in flight when it calls this. */
  close(): Promise<void>;
};

export type Delivery = {
  /** Of the log from which the events come. */
  epoch: string;
  events: readonly RecordedEvent[];
};
