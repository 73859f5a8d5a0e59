import type { Migration } from "@cartwright/event-log/postgres/migrate";

/** What was done is never looked for by when, since it is kept: asked for again, it would be done again. */
export const intentsStayMigration: Migration = {
  number: 3,
  name: "intents stay",
  sql: (schema) => `drop index ${schema}.intent_by_done_at;`,
};
