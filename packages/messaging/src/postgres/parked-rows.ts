import type { JsonObject, RecordedEvent } from "@cartwright/event-log/event-log";
import { intArray, textArray } from "@cartwright/event-log/postgres/array-literal";
import type { GroupOnLog } from "../mark.ts";
import type { ParkedEvent, ParkedStream } from "../parking.ts";
import type { MarkMove } from "../progress.ts";
import type { SqlClient } from "./sql-client.ts";

/** Puts what the moves park into the queues of its streams. Call it in the transaction that moves the marks. */
export const insertParked = async (
  sql: SqlClient,
  schema: string,
  { group, log, moves }: GroupOnLog & { moves: readonly MarkMove[] },
): Promise<void> => {
  const parked = moves.flatMap((move) => move.parked.map((entry) => ({ ...entry, epoch: move.from.epoch })));
  if (parked.length === 0) return;
  // A stream's first event here decides: it has the fault, or the stream is there already.
  const streams = [...new Map(parked.toReversed().map((entry) => [entry.event.streamId, entry])).values()];
  await sql.unsafe(
    `insert into ${schema}.parked_stream (consumer_group, log, stream_id, shard, state, reason, attempts)
     select $1, $2, s.stream_id, s.shard, 'parked', s.reason, s.attempts
     from unnest($3::text[], $4::smallint[], $5::text[], $6::integer[]) s(stream_id, shard, reason, attempts)
     on conflict do nothing`,
    [
      group,
      log,
      textArray(streams.map(({ event }) => event.streamId)),
      intArray(streams.map(({ event }) => event.shard)),
      textArray(streams.map(({ fault }) => fault?.reason ?? "an earlier event of the stream is parked")),
      intArray(streams.map(({ fault }) => fault?.attempts ?? 0)),
    ],
  );
  const events = parked.map(({ event }) => event);
  await sql.unsafe(
    `insert into ${schema}.parked_event
       (consumer_group, log, epoch, stream_id, version, shard, position, event_id, type, schema_version, data, metadata, recorded_at)
     select $1, $2, e.epoch, e.stream_id, e.version, e.shard, e.position, e.event_id, e.type, e.schema_version, e.data::jsonb, e.metadata::jsonb, e.recorded_at
     from unnest($3::text[], $4::text[], $5::integer[], $6::smallint[], $7::bigint[], $8::uuid[], $9::text[], $10::smallint[], $11::text[], $12::text[], $13::timestamptz[])
       e(epoch, stream_id, version, shard, position, event_id, type, schema_version, data, metadata, recorded_at)
     on conflict do nothing`,
    [group, log, textArray(parked.map(({ epoch }) => epoch)), ...eventArrays(events)],
  );
};

const eventArrays = (events: readonly RecordedEvent[]): readonly string[] => [
  textArray(events.map(({ streamId }) => streamId)),
  intArray(events.map(({ version }) => version)),
  intArray(events.map(({ shard }) => shard)),
  `{${events.map(({ position }) => position).join(",")}}`,
  textArray(events.map(({ eventId }) => eventId)),
  textArray(events.map(({ type }) => type)),
  intArray(events.map(({ schemaVersion }) => schemaVersion)),
  textArray(events.map(({ data }) => JSON.stringify(data))),
  textArray(events.map(({ metadata }) => JSON.stringify(metadata))),
  textArray(events.map(({ recordedAt }) => recordedAt.toISOString())),
];

export type ParkedEventRow = {
  epoch: string;
  stream_id: string;
  version: number;
  shard: number;
  position: string;
  event_id: string;
  type: string;
  schema_version: number;
  data: JsonObject;
  metadata: JsonObject;
  recorded_at: Date;
  parked_at: Date;
  discarded_at: Date | null;
  discarded_by: string | null;
  discard_reason: string | null;
};

export const toParkedEvent = (row: ParkedEventRow): ParkedEvent => ({
  epoch: row.epoch,
  event: {
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
  },
  parkedAt: row.parked_at,
  discarded: row.discarded_at ? { at: row.discarded_at, by: row.discarded_by ?? "", reason: row.discard_reason ?? "" } : null,
});

export type ParkedStreamRow = {
  consumer_group: string;
  log: string;
  stream_id: string;
  shard: number;
  state: ParkedStream["state"];
  reason: string;
  attempts: number;
  parked_at: Date;
  waiting: string;
};

export const toParkedStream = (row: ParkedStreamRow): ParkedStream => ({
  group: row.consumer_group,
  log: row.log,
  streamId: row.stream_id,
  shard: row.shard,
  state: row.state,
  reason: row.reason,
  attempts: row.attempts,
  parkedAt: row.parked_at,
  waiting: Number(row.waiting),
});
