import { type CatalogEvent, catalogEvents } from "@cartwright/contracts/catalog-events";
import { UnknownEvent } from "@cartwright/contracts/event-errors";
import type { StoredEvent } from "@cartwright/contracts/event-schema";
import { type PrivacyEvent, privacyEvents } from "@cartwright/contracts/privacy-events";
import { type ShopEvent, shopEvents } from "@cartwright/contracts/shop-events";
import type { LogReader } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { type Consumer, type ConsumerOptions, consumer } from "@cartwright/messaging/consumer";
import type { Handlers } from "@cartwright/messaging/handlers";
import { shardLeases } from "@cartwright/messaging/leases";
import { logSource } from "@cartwright/messaging/log-source";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import type postgres from "postgres";
import { catalogHandlers } from "./catalog/catalog-handlers.ts";
import { privacyHandlers } from "./privacy/privacy-handlers.ts";
import { keptHandlers } from "./shop/kept-handlers.ts";

type TableEvent = CatalogEvent | ShopEvent | PrivacyEvent;

export type TablesProjectionOptions = Pick<ConsumerOptions<TableEvent, TableTools, void>, "limits" | "logger" | "metrics" | "around"> & {
  /** The cart's. */
  log: LogReader;
  tailer: Tailer;
  sql: postgres.Sql;
  schema: string;
};

/**
 * Keeps the tables of the catalogue, of what the shop keeps and of personal keys: one consumer, since each of them hears of few events.
 * Processes share the shards; each table row has one keeper at a time.
 */
export const tablesProjection = ({ log, tailer, sql, schema, ...options }: TablesProjectionOptions): Consumer =>
  consumer<TableEvent, TableTools, void>({
    ...options,
    group: "catalog",
    log,
    source: logSource({ log, tailer, leases: shardLeases({ sql, schema, ...(options.logger && { logger: options.logger }) }) }),
    sink: tableSink({ sql, schema }),
    decode,
    handlers: handlersOf(schema),
  });

const handlersOf = (schema: string): Handlers<TableEvent, TableTools, void> =>
  // Each is asked for events of its own types alone.
  ({ ...catalogHandlers(schema), ...keptHandlers(schema), ...privacyHandlers(schema) }) as Handlers<TableEvent, TableTools, void>;

const schemas = [catalogEvents, shopEvents, privacyEvents] as const;

const decode = (stored: StoredEvent): TableEvent => {
  const known = schemas.find((events) => events.knows(stored.type));
  if (!known) throw new UnknownEvent(stored.type);
  return known.decode(stored);
};
