import { asOwner } from "@cartwright/event-log/postgres/as-owner";
import { type Migration, migrate } from "@cartwright/event-log/postgres/migrate";
import { serviceConnection } from "@cartwright/event-log/postgres/service-connection";
import postgres from "postgres";
import { messagingMigrations } from "./messaging-migrations.ts";

export type ServiceTablesOptions = {
  /** The user owns the schema. */
  readonly connection: postgres.Options<Record<string, never>>;
  readonly schema: string;
  /** Of the service's own tables, beside those of this package. */
  readonly migrations?: readonly { readonly component: string; readonly migrations: readonly Migration[] }[];
  readonly maxConnections: number;
};

/** Brings a service's tables up to date and answers a pool that may do with them what the service does, and no more. */
export const openServiceTables = async (options: ServiceTablesOptions): Promise<AsyncDisposable & { readonly sql: postgres.Sql }> => {
  const { connection, schema, migrations = [], maxConnections } = options;
  const restricted = await asOwner(connection, async (owner) => {
    for (const component of [messagingMigrations, ...migrations]) await migrate(owner, { schema, ...component });
    return serviceConnection(owner, { connection, schema });
  });
  const sql = postgres({ ...restricted, max: maxConnections });
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) };
};
