import { migrate } from "@cartwright/event-log/postgres/migrate";
import { serviceConnection } from "@cartwright/event-log/postgres/service-connection";
import postgres from "postgres";
import { type CartViewsBesideWriter, type CartViewsOptions, cartViewsOver } from "../cart-views-over.ts";
import { cartViewMigrations } from "./cart-view-migrations.ts";
import { lookupConnection } from "./lookup-connection.ts";
import { postgresCartViewReader } from "./postgres-cart-view-reader.ts";

export type PostgresCartViewsOptions = Pick<CartViewsOptions, "rememberLines"> & {
  /** Where PostgreSQL is; the user owns the schema. */
  connection: postgres.Options<Record<string, never>>;
  /** The projector's; `projector` by default. */
  schema?: string;
  /** Connections that read at the same time. */
  maxConnections?: number;
};

export type PostgresCartViews = CartViewsBesideWriter & AsyncDisposable;

/** The cart views in PostgreSQL, making or migrating their table where need be: whoever starts first does. PostgreSQL 15 or newer. */
export const openPostgresCartViews = async (options: PostgresCartViewsOptions): Promise<PostgresCartViews> => {
  const { connection, schema = "projector", maxConnections = 4, ...remembering } = options;
  await using owner = owned(postgres({ ...connection, max: 1, onnotice: () => {} }));
  await migrate(owner.sql, { schema, ...cartViewMigrations });
  const restricted = await serviceConnection(owner.sql, { connection, schema });
  const sql = postgres({ ...lookupConnection(restricted), max: maxConnections });
  return {
    ...cartViewsOver(postgresCartViewReader(sql, schema), remembering),
    [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }),
  };
};

const owned = (sql: postgres.Sql) => ({ sql, [Symbol.asyncDispose]: () => sql.end() });
