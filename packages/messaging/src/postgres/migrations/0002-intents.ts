import type { Migration } from "@cartwright/event-log/postgres/migrate";

/** What the tries of an intent came to, and that a log was restored. */
export const intentsMigration: Migration = {
  number: 2,
  name: "intents",
  sql: (schema) => `
-- failures: tries that came to nothing, by which the pauses grow; one that was held back is none. faults: those of them that the outside answered.
alter table ${schema}.intent
  add column failures integer not null default 0,
  add column faults integer not null default 0;
-- When effects were let go, or held, for another epoch than before: what is asked for since then may have been done in the one that was lost.
alter table ${schema}.effects_gate add column restored_at timestamptz;
`,
};
