import type { EventLog } from "@cartwright/event-log/event-log";
import { asOwner } from "@cartwright/event-log/postgres/as-owner";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { serviceConnection } from "@cartwright/event-log/postgres/service-connection";
import postgres from "postgres";
import { type CartViewsBesideWriter, type CartViewsOptions, cartViewsOver } from "../cart-views-over.ts";
import { listFromLog } from "../lists-from-log.ts";
import { cartViewMigrations } from "./cart-view-migrations.ts";
import { lookupConnection } from "./lookup-connection.ts";
import { postgresCartViewReader } from "./postgres-cart-view-reader.ts";
import { postgresSubjectCarts } from "./postgres-subject-carts.ts";
import { projectionReadyMigrations } from "./projection-ready-migrations.ts";
import { subjectCartMigrations } from "./subject-cart-migrations.ts";

export type PostgresCartViewsOptions = Pick<CartViewsOptions, "rememberLines" | "listWaitMs"> & {
  /** Where PostgreSQL is; the user owns the schema. */
  connection: postgres.Options<Record<string, never>>;
  /** The cart's: what the tables do not have yet is read there. */
  log: Pick<EventLog, "readStream" | "shards">;
  /** The projector's; `projector` by default. */
  schema?: string;
  /** Connections that read at the same time. */
  maxConnections?: number;
};

export type PostgresCartViews = CartViewsBesideWriter & AsyncDisposable;

/** The cart views in PostgreSQL, making or migrating their tables where need be: whoever starts first does. PostgreSQL 15 or newer. */
export const openPostgresCartViews = async (options: PostgresCartViewsOptions): Promise<PostgresCartViews> => {
  const { connection, log, schema = "projector", maxConnections = 4, ...waiting } = options;
  const restricted = await asOwner(connection, async (owner) => {
    for (const migrations of readModelMigrations) await migrate(owner, { schema, ...migrations });
    return serviceConnection(owner, { connection, schema });
  });
  const sql = postgres({ ...lookupConnection(restricted), max: maxConnections });
  const fromLog = { streams: log, subjectCarts: postgresSubjectCarts({ sql, schema, shards: log.shards }) };
  return {
    ...cartViewsOver(postgresCartViewReader({ sql, schema, shards: log.shards }), {
      ...waiting,
      fromLog: (subject, request) => listFromLog(fromLog, subject, request),
    }),
    [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }),
  };
};

/** In their order. */
const readModelMigrations = [projectionReadyMigrations, cartViewMigrations, subjectCartMigrations];
