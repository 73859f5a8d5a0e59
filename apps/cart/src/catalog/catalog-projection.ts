import { type CatalogEvent, catalogEvents } from "@cartwright/contracts/catalog-events";
import type { LogReader } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { type Consumer, type ConsumerOptions, consumer } from "@cartwright/messaging/consumer";
import { shardLeases } from "@cartwright/messaging/leases";
import { logSource } from "@cartwright/messaging/log-source";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import type postgres from "postgres";
import { catalogHandlers } from "./catalog-handlers.ts";

export type CatalogProjectionOptions = Pick<ConsumerOptions<CatalogEvent, TableTools, void>, "limits" | "logger" | "metrics" | "around"> & {
  /** The cart's. */
  log: LogReader;
  tailer: Tailer;
  sql: postgres.Sql;
  schema: string;
};

/** Keeps the catalogue's tables. Processes share the shards; each table row has one keeper at a time. */
export const catalogProjection = ({ log, tailer, sql, schema, ...observed }: CatalogProjectionOptions): Consumer =>
  consumer<CatalogEvent, TableTools, void>({
    ...observed,
    group: "catalog",
    log,
    source: logSource({ log, tailer, leases: shardLeases({ sql, schema, ...(observed.logger && { logger: observed.logger }) }) }),
    sink: tableSink({ sql, schema }),
    decode: catalogEvents.decode,
    handlers: catalogHandlers(schema),
    // Most of what goes by is carts: a mark for each batch of them would cost more than they did.
    limits: { restMs: 50 },
  });
