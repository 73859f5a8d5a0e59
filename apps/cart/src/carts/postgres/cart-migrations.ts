import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { supportReads } from "./migrations/0001-support-reads.ts";

/** For `migrate(sql, { schema, ...cartMigrations })`. */
export const cartMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "carts",
  migrations: [supportReads],
};
