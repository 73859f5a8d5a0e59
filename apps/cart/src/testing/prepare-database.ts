import { eventLogMigrations } from "@cartwright/event-log/postgres/event-log-migrations";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import type postgres from "postgres";
import { loadDemonstrationAccounts } from "../auth/demonstration-accounts.ts";
import { bunPasswords } from "../auth/node/bun-passwords.ts";
import { postgresAccountStore } from "../auth/postgres/postgres-account-store.ts";
import { serviceMigrations } from "../open-tables.ts";

/** What a first start does and takes its time for, once for all tests of a process: tables, and accounts with their hashes. */
export const prepareDatabase = async (sql: postgres.Sql): Promise<void> => {
  for (const migrations of [eventLogMigrations, ...serviceMigrations]) await migrate(sql, { schema: "cart", ...migrations });
  await loadDemonstrationAccounts(postgresAccountStore(sql, "cart"), bunPasswords);
};
