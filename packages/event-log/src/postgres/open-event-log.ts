import postgres from "postgres";
import { LogUnavailable, ShardCountMismatch } from "../errors.ts";
import type { CommandKey, EventLog, HeldClaim, JsonObject, JsonValue, Receipt, RecordedEvent } from "../event-log.ts";
import { groupCommit } from "../group-commit.ts";
import { shardOf } from "../shard-of.ts";
import { appendBatch, type PreparedUnit, prepareUnit } from "./append-batch.ts";
import { textList } from "./array-literal.ts";
import { isConnectionError } from "./is-connection-error.ts";
import { migrate } from "./migrate.ts";
import { digest, eventLogMigration } from "./migrations/0001-event-log.ts";
import { notifier } from "./notifier.ts";
import { serviceConnection } from "./service-connection.ts";

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
  onError?: (error: unknown) => void;
};

export type PostgresEventLog = EventLog & AsyncDisposable & { close(): Promise<void> };

/**
 * Opens the log of a schema, creating or migrating it. PostgreSQL 15 or newer.
 * @throws {ShardCountMismatch} when the log was created with another number of shards.
 */
export const openPostgresEventLog = async (options: PostgresEventLogOptions): Promise<PostgresEventLog> => {
  const { connection, schema, name = schema, shards = 16, wakeUps = "notify", onError = () => {} } = options;
  const owner = postgres({ ...connection, max: 1, onnotice: () => {} });
  let epoch: string;
  let restricted: postgres.Options<Record<string, never>>;
  try {
    await migrate(owner, { schema, component: "event-log", migrations: [eventLogMigration] });
    epoch = await openEpoch(owner, schema, shards);
    restricted = await serviceConnection(owner, { connection, schema });
  } finally {
    await owner.end();
  }

  // One connection writes: its batches follow one another without waiting for us, and never wait for each other's locks.
  const writer = postgres({ ...ourConnection(restricted), max: 1 });
  const reader = postgres({ ...ourConnection(restricted), max: 4 });
  const wake = notifier({ connection: restricted, channel: `cartwright_${schema}`, notifies: wakeUps === "notify", onError });
  const batches = groupCommit<PreparedUnit>({ write: (batch) => appendBatch(writer, schema, batch), isRetryable: isConnectionError });
  const reads = readsOf(reader, { schema, shards });

  const close = async () => {
    await batches.drained();
    await Promise.all([writer.end({ timeout: 5 }), reader.end({ timeout: 5 }), wake.close()]);
  };
  return {
    name,
    shards,
    epoch,
    async append(unit) {
      const queued = prepareUnit(unit, shards);
      const result = await batches.append(queued);
      if (result.outcome === "appended") wake.appended(recordedEvents(queued.prepared, unit.streams, result));
      return result;
    },
    ...reads,
    onWake: wake.onWake,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/**
 * Plans that don't depend on how full the tables were when they were made: a look-up is always an index look-up. And a
 * server that is back is found within half a second, not after the driver's twenty.
 */
const ourConnection = (connection: postgres.Options<Record<string, never>>): postgres.Options<Record<string, never>> => ({
  ...connection,
  backoff: (attempt: number) => Math.min(0.5, 0.01 * 2 ** attempt),
  connection: { ...connection.connection, plan_cache_mode: "force_generic_plan", enable_seqscan: "off", jit: "off" },
});

const openEpoch = async (sql: postgres.Sql, schema: string, shards: number): Promise<string> => {
  const [row] = await sql<{ epoch: string; shards: number }[]>`
    with here as (
      select format('%s/%s', (select system_identifier from pg_control_system()), (select oid from pg_database where datname = current_database())) as home
    )
    insert into ${sql(schema)}.log (shards, epoch, home) select ${shards}, gen_random_uuid(), home from here
    on conflict (only_row) do update set
      epoch = case when log.home = excluded.home then log.epoch else gen_random_uuid() end,
      home = excluded.home
    returning epoch, shards`;
  if (!row) throw new LogUnavailable(`${schema}: the log's own row could not be read`);
  if (row.shards !== shards)
    throw new ShardCountMismatch(
      `${schema}: the log has ${row.shards} shards and this process is configured for ${shards}; the number never changes`,
    );
  return row.epoch;
};

const recordedEvents = (
  prepared: PreparedUnit,
  streams: readonly { streamId: string }[],
  result: { streams: readonly { version: number; position: bigint }[]; recordedAt: Date },
): readonly RecordedEvent[] =>
  prepared.events.flatMap((events, index) =>
    events.map(({ event }, nth): RecordedEvent => {
      const back = events.length - 1 - nth;
      const { version, position } = result.streams[index] ?? { version: 0, position: 0n };
      return {
        ...event,
        streamId: streams[index]?.streamId ?? "",
        version: version - back,
        shard: prepared.shards[index] ?? 0,
        position: position - BigInt(back),
        recordedAt: result.recordedAt,
      };
    }),
  );

type EventRow = {
  shard: number;
  position: string;
  stream_id: string;
  version: number;
  event_id: string;
  type: string;
  schema_version: number;
  data: JsonObject;
  metadata: JsonObject;
  recorded_at: Date;
};

const toRecorded = (row: EventRow): RecordedEvent => ({
  eventId: row.event_id,
  type: row.type,
  schemaVersion: row.schema_version,
  data: row.data,
  metadata: row.metadata,
  streamId: row.stream_id,
  version: row.version,
  shard: row.shard,
  position: BigInt(row.position),
  recordedAt: row.recorded_at,
});

const readsOf = (sql: postgres.Sql, { schema, shards }: { schema: string; shards: number }) => {
  const columns = "shard, position, stream_id, version, event_id, type, schema_version, data, metadata, recorded_at";
  return {
    async readStream(streamId: string, { after = 0, limit }: { after?: number; limit?: number } = {}) {
      const rows = await sql.unsafe<EventRow[]>(
        `select ${columns} from ${schema}.event where stream_id = $1 and version > $2 order by version limit $3`,
        [streamId, after, limit ?? null],
        { prepare: true },
      );
      return rows.map(toRecorded);
    },
    async read(cursors: readonly { shard: number; after: bigint }[], limit: number) {
      const rows = await sql.unsafe<EventRow[]>(
        `select e.* from unnest($1::integer[], $2::bigint[]) c(shard, after)
         cross join lateral (select ${columns} from ${schema}.event x where x.shard = c.shard and x.position > c.after order by x.position limit $3) e`,
        [`{${cursors.map((cursor) => cursor.shard).join(",")}}`, `{${cursors.map((cursor) => cursor.after).join(",")}}`, limit],
        { prepare: true },
      );
      return rows.map(toRecorded);
    },
    async heads() {
      const [row] = await sql.unsafe<{ epoch: string; heads: string[] }[]>(
        `select (select epoch from ${schema}.log) as epoch, array(
           select coalesce((select e.position from ${schema}.event e where e.shard = s order by e.position desc limit 1), 0)::text
           from generate_series(0, $1::integer - 1) s order by s) as heads`,
        [shards],
        { prepare: true },
      );
      if (!row) throw new LogUnavailable(`${schema}: no heads`);
      return { epoch: row.epoch, heads: row.heads.map(BigInt) };
    },
    async confirm(streamId: string, keys: readonly CommandKey[]) {
      const rows = await sql.unsafe<ReceiptRow[]>(
        `select coalesce((select e.version from ${schema}.event e where e.stream_id = $1 order by e.version desc limit 1), 0) as tail, k.key,
           r.version, r.position, r.stream_id, r.answer, r.fingerprint = ${digest("k.fingerprint")} as same
         from (values (1)) one(x)
         left join unnest(string_to_array($3, chr(31)), string_to_array($4, chr(31))) k(key, fingerprint) on true
         left join ${schema}.receipt r on r.shard = $2 and r.key = ${digest("k.key")}`,
        [streamId, shardOf(streamId, shards), textList(keys.map(({ key }) => key)), textList(keys.map(({ fingerprint }) => fingerprint))],
        { prepare: true },
      );
      return { version: rows[0]?.tail ?? 0, receipts: rows.flatMap(toReceipt) };
    },
    async claims(keys: readonly string[]) {
      const rows = await sql.unsafe<{ key: string; count: string; holder: string | null }[]>(
        `select key, count, holder from ${schema}.claim where key = any(string_to_array($1, chr(31)))`,
        [textList(keys)],
        { prepare: true },
      );
      return new Map(rows.map((row): [string, HeldClaim] => [row.key, { count: Number(row.count), holder: row.holder }]));
    },
  };
};

type ReceiptRow = {
  tail: number;
  key: string | null;
  version: number | null;
  position: string;
  stream_id: string;
  answer: JsonValue;
  same: boolean;
};

const toReceipt = (row: ReceiptRow): readonly Receipt[] =>
  row.key === null || row.version === null
    ? []
    : [
        {
          key: row.key,
          sameInput: row.same,
          streamId: row.stream_id,
          version: row.version,
          position: BigInt(row.position),
          answer: row.answer,
        },
      ];
