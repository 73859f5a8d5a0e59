import { migrate } from "@cartwright/event-log/postgres/migrate";
import { serviceConnection } from "@cartwright/event-log/postgres/service-connection";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import postgres from "postgres";
import { authMigrations } from "./auth/postgres/auth-migrations.ts";
import { cartMigrations } from "./carts/postgres/cart-migrations.ts";
import { catalogMigrations } from "./catalog/postgres/catalog-migrations.ts";

export type OpenTablesOptions = {
  /** The user owns the schema. */
  readonly connection: postgres.Options<Record<string, never>>;
  readonly schema: string;
  readonly maxConnections: number;
};

export const serviceMigrations = [messagingMigrations, catalogMigrations, authMigrations, cartMigrations] as const;

/** Brings the service's own tables up to date and answers a client that may do with them what the service does, and no more. */
export const openTables = async ({ connection, schema, maxConnections }: OpenTablesOptions): Promise<postgres.Sql> => {
  const owner = postgres({ ...connection, max: 1, onnotice: () => {} });
  try {
    for (const migrations of serviceMigrations) await migrate(owner, { schema, ...migrations });
    return postgres({ ...(await serviceConnection(owner, { connection, schema })), max: maxConnections });
  } finally {
    await owner.end();
  }
};
