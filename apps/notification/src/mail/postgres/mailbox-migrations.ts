import type { Migration } from "@cartwright/event-log/postgres/migrate";
import { mailboxTable } from "./migrations/0001-mailbox.ts";
import { sealedAddresses } from "./migrations/0002-sealed-addresses.ts";
import { messageIds } from "./migrations/0003-message-ids.ts";

/** For `migrate(sql, { schema, ...mailboxMigrations })`. */
export const mailboxMigrations: { component: string; migrations: readonly Migration[] } = {
  component: "mailbox",
  migrations: [mailboxTable, sealedAddresses, messageIds],
};
