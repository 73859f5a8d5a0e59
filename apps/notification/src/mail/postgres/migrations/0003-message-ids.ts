import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const messageIds: Migration = {
  number: 3,
  name: "message-ids",
  sql: (schema) => `
-- What whoever delivers the mail calls it; before, nobody did, and it was called by its key.
alter table ${schema}.mail add message_id text;
`,
};
