import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const refusedVersion: Migration = {
  number: 2,
  name: "refused-version",
  sql: (schema) => `
-- Since when it is known not to be what the logs say: it is never shown, and nobody goes on with it.
alter table ${schema}.projection_version add column refused_at timestamptz;
`,
};
