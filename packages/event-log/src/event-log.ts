/**
 * The log of one service. It looks like Kafka: `shards` shards, a stream lives in exactly one of them, and within a
 * shard every event has a dense position (1, 2, 3, …) given in commit order.
 */
export type EventLog = LogReader & {
  /**
   * Writes all of the unit or nothing of it. Units of many callers share one transaction; the conflict, the duplicate or
   * the poison of one never touches its neighbours.
   * @throws {AppendRejected} when the unit itself can't be stored (NUL, lone surrogate, too large); a retry won't help.
   * @throws {LogUnavailable} when the outcome is unknown; retrying under the same keys is safe.
   */
  append(unit: AppendUnit): Promise<AppendResult>;
  /** A stream's events in order of their versions, above `after` (default 0), at most `limit` (default: all). */
  readStream(streamId: string, range?: { after?: number; limit?: number }): Promise<readonly RecordedEvent[]>;
  /** What a cached fold must know before a "no" is answered: the stream's version now, and which keys were answered before. */
  confirm(streamId: string, keys: readonly CommandKey[]): Promise<{ version: number; receipts: readonly Receipt[] }>;
  /** The claims held under these keys; a key without a claim is absent from the map. */
  claims(keys: readonly string[]): Promise<ReadonlyMap<string, HeldClaim>>;
};

/** What a consumer may do with a log, its own or another service's. */
export type LogReader = {
  /** The owning service: `cart`, `billing`, … */
  readonly name: string;
  readonly shards: number;
  /** Random, made with the log and renewed after a restore. A position means nothing without it. */
  readonly epoch: string;
  heads(): Promise<LogHeads>;
  /** Events above each cursor in order of position per shard, at most `limit` per shard, in one round trip. */
  read(cursors: readonly ShardCursor[], limit: number): Promise<readonly RecordedEvent[]>;
  /**
   * A hint that something was appended, with the events where this process wrote them itself. It can be missing, late,
   * out of order or for nothing: always poll behind it.
   */
  onWake(listener: (events: readonly RecordedEvent[]) => void): () => void;
};

/** `heads[shard]` is the position of the shard's last event, 0n when it has none. */
export type LogHeads = { epoch: string; heads: readonly bigint[] };
export type ShardCursor = { shard: number; after: bigint };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

export type NewEvent = {
  /** A UUID. */
  eventId: string;
  type: string;
  schemaVersion: number;
  data: JsonObject;
  /** Correlation, causation, actor, traceparent: see `contracts/event-metadata`. */
  metadata: JsonObject;
};

export type RecordedEvent = NewEvent & {
  streamId: string;
  /** The stream's version once this event is in it: 1 for the first. */
  version: number;
  shard: number;
  position: bigint;
  recordedAt: Date;
};

/** `noStream` is the same as version 0. Each is really enforced, under the shard's lock. */
export type Expectation = "any" | "exists" | "noStream" | number;

export type StreamAppend = { streamId: string; expect: Expectation; events: readonly NewEvent[] };

/** A key is scoped to the shard of its stream; callers put the subject and the stream into it. */
export type CommandKey = {
  key: string;
  /** Canonical text of the input, never empty. The same key with another fingerprint is an error of the caller. */
  fingerprint: string;
};

export type CommandRecord = CommandKey & {
  /** How many of the events of the unit's first stream are this command's. */
  eventCount: number;
  /** Kept with the receipt and answered again to a retry. */
  answer?: JsonValue;
};

/** Written as a whole or not at all. */
export type AppendUnit = {
  /** In order; their `eventCount`s add up to the events of the first stream. */
  commands: readonly [CommandRecord, ...CommandRecord[]];
  /** Distinct streams. */
  streams: readonly [StreamAppend, ...StreamAppend[]];
  claims?: readonly Claim[];
};

/** A counter or a holder checked and changed in the same transaction; claims are taken in the order of their keys. */
export type Claim =
  /** `0 <= value + delta <= atMost`, or the unit fails. */
  | { kind: "count"; key: string; delta: number; atMost: number }
  /** Free or already ours, or the unit fails. */
  | { kind: "hold"; key: string; holder: string }
  /** Taken where it is free; never fails. */
  | { kind: "holdIfFree"; key: string; holder: string }
  /** Given back if it is ours; never fails. */
  | { kind: "release"; key: string; holder: string };

export type HeldClaim = { count: number; holder: string | null };

/** The first answer to a command. */
export type Receipt = {
  key: string;
  /** False: this key came with another input. */
  sameInput: boolean;
  streamId: string;
  /** The stream's version and position after the command's last event; of one without events the position of its shard. */
  version: number;
  position: bigint;
  answer: JsonValue | null;
};

/** Of a stream that got no events the position is its shard's. */
export type AppendedStream = { streamId: string; version: number; position: bigint };

export type AppendResult =
  | { outcome: "appended"; streams: readonly AppendedStream[]; receipts: readonly Receipt[]; recordedAt: Date }
  /** A stream's version is not what was expected. */
  | { outcome: "conflict"; streamId: string; actual: number }
  /** At least one command had been answered before; nothing of the unit was written now. */
  | { outcome: "duplicate"; receipts: readonly Receipt[] }
  | { outcome: "claimed"; claim: Claim; held: HeldClaim };
