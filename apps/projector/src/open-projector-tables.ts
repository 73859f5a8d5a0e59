import { asOwner } from "@cartwright/event-log/postgres/as-owner";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { serviceConnection } from "@cartwright/event-log/postgres/service-connection";
import { messagingMigrations } from "@cartwright/messaging/postgres/messaging-migrations";
import { allowVersionTables } from "@cartwright/read-model/postgres/allow-version-tables";
import { cartViewMigrations } from "@cartwright/read-model/postgres/cart-view-migrations";
import { lookupConnection } from "@cartwright/read-model/postgres/lookup-connection";
import { projectionReadyMigrations } from "@cartwright/read-model/postgres/projection-ready-migrations";
import { subjectCartMigrations } from "@cartwright/read-model/postgres/subject-cart-migrations";
import postgres from "postgres";
import { figuresMigrations } from "./figures/postgres/figures-migrations.ts";
import { projectorMigrations } from "./projection-versions.ts";

export const projectorSchema = "projector";

/** The service's tables, made or migrated, and a pool that may do with them what the service does and no more. */
export const openProjectorTables = async (
  connection: postgres.Options<Record<string, never>>,
): Promise<AsyncDisposable & { readonly sql: postgres.Sql }> => {
  const restricted = await asOwner(connection, async (owner) => {
    await migrate(owner, { schema: projectorSchema, ...messagingMigrations });
    await migrate(owner, { schema: projectorSchema, ...projectionReadyMigrations });
    await migrate(owner, { schema: projectorSchema, ...cartViewMigrations });
    await migrate(owner, { schema: projectorSchema, ...subjectCartMigrations });
    await migrate(owner, { schema: projectorSchema, ...projectorMigrations });
    await migrate(owner, { schema: projectorSchema, ...figuresMigrations });
    await allowVersionTables(owner, projectorSchema);
    return serviceConnection(owner, { connection, schema: projectorSchema });
  });
  const sql = postgres({ ...lookupConnection(restricted), max: 4 });
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) };
};
