import { isRetryable } from "@cartwright/failures/is-retryable";
import postgres from "postgres";
import type { AppendResult, EventLog, RecordedEvent } from "../event-log.ts";
import { groupCommit, type QueuedUnit } from "../group-commit.ts";
import { appendBatch, type PreparedUnit, prepareUnit } from "./append-batch.ts";
import { asOwner } from "./as-owner.ts";
import { openEpoch } from "./epochs.ts";
import { eventLogMigrations } from "./event-log-migrations.ts";
import { logReads } from "./log-reads.ts";
import { migrate } from "./migrate.ts";
import { notifier } from "./notifier.ts";
import { receiptPruning } from "./receipt-pruning.ts";
import { serviceConnection, withoutTimeLimit } from "./service-connection.ts";

export type PostgresEventLogOptions = {
  /** Where PostgreSQL is; the user owns the schema. */
  connection: postgres.Options<Record<string, never>>;
  /** Lower-case; one log a schema. */
  schema: string;
  /** The owning service's name; the schema's by default. */
  name?: string;
  /** Written into the log when it is created and never changed. */
  shards?: number;
  /** `notify`: other processes on the same log hear of appends at once; `in-process` when there are none. */
  wakeUps?: "notify" | "in-process";
  /** For how long a retry gets its first answer: a week by default, and never less than a day. */
  keepReceiptsMs?: number;
  onError?: (error: unknown) => void;
};

export type PostgresEventLog = EventLog &
  AsyncDisposable & {
    /** Forgets the first answers given before then, and says how many: a retry that comes later is decided anew. */
    pruneReceipts(before: Date): Promise<number>;
    close(): Promise<void>;
  };

const dayMs = 86_400_000;
/** As long as an append whose answer is lost is tried again; with what follows, less than a process has for its stop. */
const drainMs = 10_000;

/**
 * Opens the log of a schema, creating or migrating it. PostgreSQL 15 or newer.
 * @throws {ShardCountMismatch} when the log was created with another number of shards.
 */
export const openPostgresEventLog = async (options: PostgresEventLogOptions): Promise<PostgresEventLog> => {
  const { connection, schema, name = schema, shards = 16, wakeUps = "notify", keepReceiptsMs = 7 * dayMs, onError = () => {} } = options;
  const { epoch, restricted } = await asOwner(connection, async (owner) => {
    await migrate(owner, { schema, ...eventLogMigrations });
    return { epoch: await openEpoch(owner, schema, shards), restricted: await serviceConnection(owner, { connection, schema }) };
  });

  // A lane each, with shards of its own. Under a load that fills batches the database works on two at once; with more
  // they only wait for each other's fsync. The next batch is at the server when one ends.
  const writer = () => postgres({ ...ourConnection(restricted), max: 1, max_pipeline: 1 });
  const writers = [writer(), writer()] as const;
  const reader = postgres({ ...ourConnection(restricted), max: 4 });
  const pruner = postgres({ ...ourConnection(withoutTimeLimit(restricted)), max: 1, idle_timeout: 10 });
  const wake = notifier({ connection: restricted, channel: `cartwright_${schema}`, notifies: wakeUps === "notify", onError });
  const batches = groupCommit<PreparedUnit>({
    async write(batch, lane) {
      const results = await appendBatch(writers[lane] ?? writers[0], schema, batch);
      // Once for all of them, and before their callers hear of it.
      const events = batch.flatMap((queued, index) => recordedEvents(queued, results[index]));
      if (events.length > 0) wake.appended(events);
      return results;
    },
    lanes: writers.length,
    laneOf: ({ shards: [first = 0] }) => first % writers.length,
    isRetryable,
  });
  const pruning = receiptPruning({ sql: pruner, schema, keepMs: Math.max(dayMs, keepReceiptsMs), onError });
  const reads = logReads(reader, { schema, shards });

  const close = async () => {
    pruning.stop();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, drainMs);
    // What has no answer by then gets none: with the end of its connection its callers hear that the log is away.
    await Promise.race([batches.drained(), late]);
    clearTimeout(timer);
    await Promise.all([...[...writers, reader, pruner].map((each) => each.end({ timeout: 5 })), wake.close()]);
  };
  return {
    name,
    shards,
    epoch,
    // What can't be prepared rejects, as everything that fails.
    append: async (unit) => batches.append(prepareUnit(unit, shards)),
    ...reads,
    pruneReceipts: pruning.prune,
    onWake: wake.onWake,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** Plans that don't depend on how full the tables were when they were made: a look-up is always an index look-up. */
const ourConnection = (connection: postgres.Options<Record<string, never>>): postgres.Options<Record<string, never>> => ({
  ...connection,
  connection: { ...connection.connection, plan_cache_mode: "force_generic_plan", enable_seqscan: "off", jit: "off" },
});

const recordedEvents = ({ unit, prepared }: QueuedUnit<PreparedUnit>, result: AppendResult | undefined): readonly RecordedEvent[] =>
  result?.outcome !== "appended"
    ? []
    : prepared.events.flatMap((events, index) =>
        events.map(({ event }, nth): RecordedEvent => {
          const back = events.length - 1 - nth;
          const { version, position } = result.streams[index] ?? { version: 0, position: 0n };
          return {
            ...event,
            streamId: unit.streams[index]?.streamId ?? "",
            version: version - back,
            shard: prepared.shards[index] ?? 0,
            position: position - BigInt(back),
            recordedAt: result.recordedAt,
          };
        }),
      );
