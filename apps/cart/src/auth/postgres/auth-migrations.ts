import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { accountsAndSessions } from "./migrations/0001-accounts-and-sessions.ts";
import { sealedAccounts } from "./migrations/0002-sealed-accounts.ts";

/** For `migrate(sql, { schema, ...authMigrations })`. */
export const authMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "auth",
  migrations: [accountsAndSessions, sealedAccounts],
};
