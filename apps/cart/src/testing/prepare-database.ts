import { eventLogMigrations } from "@cartwright/event-log/postgres/event-log-migrations";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { parseConfig } from "@cartwright/service-kit/config";
import type postgres from "postgres";
import { accountSealing } from "../auth/account-sealing.ts";
import { loadDemonstrationAccounts } from "../auth/demonstration-accounts.ts";
import { bunPasswords } from "../auth/node/bun-passwords.ts";
import { postgresAccountStore } from "../auth/postgres/postgres-account-store.ts";
import { cartConfig } from "../config.ts";
import { serviceMigrations } from "../open-tables.ts";
import { postgresPersonKeys } from "../privacy/postgres/postgres-person-keys.ts";
import { sealer } from "../privacy/sealer.ts";
import { masterKey } from "../privacy/sealing.ts";

/** What a first start does and takes its time for, once for all tests of a process: tables, and accounts with their hashes. */
export const prepareDatabase = async (sql: postgres.Sql): Promise<void> => {
  for (const migrations of [eventLogMigrations, ...serviceMigrations]) await migrate(sql, { schema: "cart", ...migrations });
  const master = await masterKey(parseConfig(cartConfig, {}).PRIVACY_MASTER_KEY);
  const seals = sealer({ keys: postgresPersonKeys(sql, "cart"), master, now: () => new Date() });
  await loadDemonstrationAccounts(postgresAccountStore(sql, "cart", accountSealing(seals, master)), bunPasswords);
};
