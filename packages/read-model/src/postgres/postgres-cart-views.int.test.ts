import { migrate } from "@cartwright/event-log/postgres/migrate";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { cartViewsConformance } from "../cart-views-conformance.ts";
import { cartViewMigrations } from "./cart-view-migrations.ts";
import { openPostgresCartViews } from "./open-postgres-cart-views.ts";
import { postgresCartViewWriter } from "./postgres-cart-view-writer.ts";

const schema = "projector";

const prepare = (sql: postgres.Sql) => migrate(sql, { schema, ...cartViewMigrations });

const open = (rememberLines?: number) => async () => {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase({ prepare }));
  const views = opened.use(
    await openPostgresCartViews({ connection: database.options, ...(rememberLines !== undefined && { rememberLines }) }),
  );
  const elsewhere = opened.use(await openPostgresCartViews({ connection: database.options }));
  const resources = opened.move();
  return {
    views,
    elsewhere,
    async flush(work: (writer: ReturnType<typeof postgresCartViewWriter>) => Promise<void>) {
      await database.sql.begin((tx) => work(postgresCartViewWriter(tx, schema)));
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

cartViewsConformance("in PostgreSQL", open());
cartViewsConformance("in PostgreSQL, remembered by the process that writes", open(1_000));
