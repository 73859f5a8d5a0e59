import { intArray, textArray } from "@cartwright/event-log/postgres/array-literal";
import type { HeldStream, ParkingStore, StreamRef } from "../parking.ts";
import { type ParkedEventRow, type ParkedStreamRow, toParkedEvent, toParkedStream } from "./parked-rows.ts";
import type { SqlClient } from "./sql-client.ts";

const stream = "consumer_group = $1 and log = $2 and stream_id = $3";
const refOf = ({ group, log, streamId }: StreamRef) => [group, log, streamId];

/** The queues in the tables of the group's schema. Also what an operator's procedures are made of. */
export const postgresParking = (sql: SqlClient, schema: string): ParkingStore => ({
  ...operatorsSide(sql, schema),

  async streams(of, shards) {
    const rows = await sql.unsafe<{ shard: number; stream_id: string; state: HeldStream["state"] }[]>(
      `select shard, stream_id, state from ${schema}.parked_stream where consumer_group = $1 and log = $2 and shard = any($3::smallint[])`,
      [of.group, of.log, intArray(shards)],
    );
    return rows.map((row) => ({ shard: row.shard, streamId: row.stream_id, state: row.state }));
  },

  async next(ref, limit) {
    const rows = await sql.unsafe<ParkedEventRow[]>(
      `select * from ${schema}.parked_event where ${stream} and discarded_at is null order by version limit $4`,
      [...refOf(ref), limit],
    );
    return rows.map(toParkedEvent);
  },

  async done(ref, eventIds) {
    const [row] = await sql.unsafe<{ done: boolean }[]>(
      `with queued as (select ctid from ${schema}.parked_event where ${stream} and event_id = any($4::uuid[]) and discarded_at is null for update),
       gone as (delete from ${schema}.parked_event where ctid in (select ctid from queued) and (select count(*) from queued) = $5 returning 1)
       select (select count(*) from gone) = $5 as done`,
      [...refOf(ref), textArray(eventIds), eventIds.length],
    );
    return row?.done === true;
  },

  async failed(ref, { reason, attempts }) {
    await sql.unsafe(`update ${schema}.parked_stream set state = 'parked', reason = $4, attempts = $5 where ${stream}`, [
      ...refOf(ref),
      reason,
      attempts,
    ]);
  },

  async release(ref) {
    const released = await sql.unsafe(
      `delete from ${schema}.parked_stream where ${stream} and not exists (
         select from ${schema}.parked_event where ${stream} and discarded_at is null)`,
      refOf(ref),
    );
    return released.count === 1;
  },
});

const operatorsSide = (sql: SqlClient, schema: string): Pick<ParkingStore, "list" | "inspect" | "retry" | "discard"> => ({
  async list({ group = null, log = null } = {}) {
    const rows = await sql.unsafe<ParkedStreamRow[]>(
      `select s.*, (select count(*) from ${schema}.parked_event e
         where e.consumer_group = s.consumer_group and e.log = s.log and e.stream_id = s.stream_id and e.discarded_at is null) as waiting
       from ${schema}.parked_stream s
       where ($1::text is null or consumer_group = $1) and ($2::text is null or log = $2)
       order by parked_at, stream_id`,
      [group, log],
    );
    return rows.map(toParkedStream);
  },

  async inspect(ref, limit = 100) {
    const rows = await sql.unsafe<ParkedEventRow[]>(`select * from ${schema}.parked_event where ${stream} order by version limit $4`, [
      ...refOf(ref),
      limit,
    ]);
    return rows.map(toParkedEvent);
  },

  async retry(ref) {
    const asked = await sql.unsafe(`update ${schema}.parked_stream set state = 'retrying' where ${stream}`, refOf(ref));
    return asked.count === 1;
  },

  async discard(ref, { eventId, reason, by }) {
    const [row] = await sql.unsafe<{ discarded: boolean }[]>(
      `with discarded as (
         update ${schema}.parked_event set discarded_at = now(), discarded_by = $5, discard_reason = $6
         where ${stream} and event_id = $4 and discarded_at is null returning event_id),
       emptied as (
         update ${schema}.parked_stream set state = 'retrying'
         where ${stream} and exists (select from discarded) and not exists (
           select from ${schema}.parked_event where ${stream} and discarded_at is null and event_id <> $4) returning 1)
       select exists (select from discarded) as discarded`,
      [...refOf(ref), eventId, by, reason],
    );
    return row?.discarded === true;
  },
});
