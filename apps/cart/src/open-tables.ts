import { asOwner } from "@cartwright/event-log/postgres/as-owner";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { serviceConnection } from "@cartwright/event-log/postgres/service-connection";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import postgres from "postgres";
import { authMigrations } from "./auth/postgres/auth-migrations.ts";
import { cartMigrations } from "./carts/postgres/cart-migrations.ts";
import { catalogMigrations } from "./catalog/postgres/catalog-migrations.ts";
import { customerMigrations } from "./customers/postgres/customer-migrations.ts";
import { privacyMigrations } from "./privacy/postgres/privacy-migrations.ts";
import { shopMigrations } from "./shop/postgres/shop-migrations.ts";

export type OpenTablesOptions = {
  /** The user owns the schema. */
  readonly connection: postgres.Options<Record<string, never>>;
  readonly schema: string;
  readonly maxConnections: number;
};

export const serviceMigrations = [
  messagingMigrations,
  catalogMigrations,
  authMigrations,
  cartMigrations,
  shopMigrations,
  privacyMigrations,
  customerMigrations,
] as const;

export type Tables = AsyncDisposable & {
  readonly sql: postgres.Sql;
  /**
   * The same for what is derived from the log. Its commits do not wait for the disk: what a crash of the server takes back, it
   * takes back together with the mark, and it is done again.
   */
  readonly derived: postgres.Sql;
};

/** Brings the service's own tables up to date and answers clients that may do with them what the service does, and no more. */
export const openTables = async ({ connection, schema, maxConnections }: OpenTablesOptions): Promise<Tables> => {
  const restricted = await asOwner(connection, async (owner) => {
    for (const migrations of serviceMigrations) await migrate(owner, { schema, ...migrations });
    return serviceConnection(owner, { connection, schema });
  });
  const sql = postgres({ ...restricted, max: maxConnections });
  const derived = postgres({ ...restricted, max: maxConnections, connection: { ...restricted.connection, synchronous_commit: "off" } });
  return {
    sql,
    derived,
    async [Symbol.asyncDispose]() {
      await Promise.all([sql, derived].map((client) => client.end({ timeout: 5 })));
    },
  };
};
