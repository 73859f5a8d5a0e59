import type { DiscardDecision, ParkedEvent, ParkedStream, StreamRef } from "@cartwright/messaging/parking";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { Sql } from "postgres";
import type { OpsConfig } from "./config.ts";
import { schemasWith, withDatabase } from "./database.ts";
import { OpsError } from "./ops-error.ts";

type Database = Pick<OpsConfig, "postgres" | "dataDir">;

/** Every stream that waits for an operator, of all services in this database. */
export const parkedStreams = (config: Database): Promise<readonly ParkedStream[]> =>
  withDatabase(config, async (sql) => (await Promise.all((await parkings(sql)).map((parking) => parking.list()))).flat());

/** The queue of one, oldest first. */
export const parkedEvents = (config: Database, stream: StreamRef): Promise<readonly ParkedEvent[]> =>
  withDatabase(config, async (sql) => (await parkingOf(sql, stream)).inspect(stream));

/** Asks the shard's holder to try its queue again, in order. */
export const retryParked = (config: Database, stream: StreamRef): Promise<void> =>
  withDatabase(config, async (sql) => {
    await (await parkingOf(sql, stream)).retry(stream);
  });

/** Gives one event up for good. @throws {OpsError} when it does not wait there. */
export const discardParked = (config: Database, stream: StreamRef, decision: DiscardDecision): Promise<void> =>
  withDatabase(config, async (sql) => {
    const isDone = await (await parkingOf(sql, stream)).discard(stream, decision);
    if (!isDone) throw new OpsError(`no event ${decision.eventId} waits there`);
  });

const parkings = async (sql: Sql) => (await schemasWith(sql, "parked_stream")).map((schema) => postgresParking(sql, schema));

const parkingOf = async (sql: Sql, { group, log, streamId }: StreamRef) => {
  for (const parking of await parkings(sql))
    if ((await parking.list({ group, log })).some((stream) => stream.streamId === streamId)) return parking;
  throw new OpsError(`${group} has not parked ${streamId} of ${log}`);
};
