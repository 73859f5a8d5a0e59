import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const sealedAddresses: Migration = {
  number: 2,
  name: "sealed-addresses",
  sql: (schema) => `
-- Where a mail went, sealed with the key of whom it went to, who is the recipient.
alter table ${schema}.mail add email_sealed text;
`,
};
