import type { Migration } from "./migrate.ts";
import { eventLogMigration } from "./migrations/0001-event-log.ts";
import { epochsMigration } from "./migrations/0002-epochs.ts";

/** For `migrate(sql, { schema, ...eventLogMigrations })`. */
export const eventLogMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "event-log",
  migrations: [eventLogMigration, epochsMigration],
};
