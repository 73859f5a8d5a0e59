import type postgres from "postgres";
import { LogUnavailable } from "../errors.ts";
import type { CommandKey, HeldClaim, JsonObject, JsonValue, Receipt, RecordedEvent } from "../event-log.ts";
import { shardOf } from "../shard-of.ts";
import { textList } from "./array-literal.ts";
import { digest } from "./migrations/0001-event-log.ts";

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

/** The reading half of the log. */
export const logReads = (sql: postgres.Sql, { schema, shards }: { schema: string; shards: number }) => {
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
