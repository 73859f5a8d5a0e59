import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { personKeysTable } from "./migrations/0001-person-keys.ts";
import { trailIndexes } from "./migrations/0002-trails.ts";

/** For `migrate(sql, { schema, ...privacyMigrations })`. */
export const privacyMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "privacy",
  migrations: [personKeysTable, trailIndexes],
};
