import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { accountsAndSessions } from "./migrations/0001-accounts-and-sessions.ts";

/** For `migrate(sql, { schema, ...authMigrations })`. */
export const authMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "auth",
  migrations: [accountsAndSessions],
};
