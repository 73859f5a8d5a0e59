import { migrate } from "@cartwright/event-log/postgres/migrate";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { catalogTableConformance } from "../catalog-table-conformance.ts";
import { applyToCatalog } from "./apply-to-catalog.ts";
import { catalogMigrations } from "./catalog-migrations.ts";
import { postgresCatalogTable } from "./postgres-catalog-table.ts";

const prepare = (sql: postgres.Sql) => migrate(sql, { schema: "cart", ...catalogMigrations });

catalogTableConformance("on PostgreSQL", async () => {
  const database = await testDatabase({ prepare });
  return {
    table: postgresCatalogTable(database.sql, "cart"),
    apply: (entries) => applyToCatalog(database.sql, "cart", entries),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
});
