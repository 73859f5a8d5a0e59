import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { personKeysTable } from "./migrations/0001-person-keys.ts";

/** For `migrate(sql, { schema, ...privacyMigrations })`. */
export const privacyMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "privacy",
  migrations: [personKeysTable],
};
