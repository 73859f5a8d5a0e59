import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { catalogTables } from "./migrations/0001-catalog.ts";

/** For `migrate(sql, { schema, ...catalogMigrations })`. */
export const catalogMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "catalog",
  migrations: [catalogTables],
};
