import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { projectionReadyTable } from "./migrations/0001-projection-ready.ts";

/** For `migrate(sql, { schema, ...projectionReadyMigrations })`, before those of what is kept. */
export const projectionReadyMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "projection-ready",
  migrations: [projectionReadyTable],
};
