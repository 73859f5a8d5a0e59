import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { messagingMigration } from "./migrations/0001-messaging.ts";
import { intentsMigration } from "./migrations/0002-intents.ts";
import { intentsStayMigration } from "./migrations/0003-intents-stay.ts";

/** For `migrate(sql, { schema, ...messagingMigrations })`: all tables of this package, in the service's schema. */
export const messagingMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "messaging",
  migrations: [messagingMigration, intentsMigration, intentsStayMigration],
};
