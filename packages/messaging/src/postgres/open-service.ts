import { openPostgresEventLog, type PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { type Tailer, tail } from "@cartwright/event-log/tailer";
import type postgres from "postgres";
import type { Publish } from "../transport.ts";
import { openServiceTables, type ServiceTablesOptions } from "./open-service-tables.ts";

export type OpenServiceOptions = ServiceTablesOptions & {
  /** `in-process` where no other process appends to the log. */
  readonly wakeUps?: "notify" | "in-process" | undefined;
  /** How the log becomes known to other processes; absent where they read it themselves. */
  readonly publish?: Publish | undefined;
  readonly onError?: (error: unknown) => void;
};

/** What a service stands on, all in one schema. */
export type OpenService = AsyncDisposable & {
  readonly log: PostgresEventLog;
  readonly tailer: Tailer;
  /** For its own tables, and those of its consumers. */
  readonly sql: postgres.Sql;
  readonly schema: string;
};

/** Opens a service's log and tables, made or migrated, and tells the other services of what it appends. */
export const openService = async ({
  wakeUps = "notify",
  publish,
  onError = () => {},
  ...tables
}: OpenServiceOptions): Promise<OpenService> => {
  await using opened = new AsyncDisposableStack();
  const { connection, schema } = tables;
  const log = opened.use(await openPostgresEventLog({ connection, schema, wakeUps, onError }));
  const { sql } = opened.use(await openServiceTables(tables));
  const tailer = await tail({ log, onError });
  opened.defer(() => tailer.stop());
  if (publish) opened.use(await publish({ log, tailer, sql, schema }));
  const held = opened.move();
  return { log, tailer, sql, schema, [Symbol.asyncDispose]: () => held.disposeAsync() };
};
