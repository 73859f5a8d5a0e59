import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const refusedAndDropped: Migration = {
  number: 2,
  name: "refused-and-dropped",
  sql: (schema) => `
-- refused_at: since when it is known not to be what the logs say; it is never shown, and nobody goes on with it.
-- dropped_at: since when it is fed no more; the row goes when nothing is left of it.
alter table ${schema}.projection_version add column refused_at timestamptz, add column dropped_at timestamptz;
`,
};
