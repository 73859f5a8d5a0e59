import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const subjectCartsVersion: Migration = {
  number: 3,
  name: "subject-carts-version",
  sql: (schema) => `
-- The index has been filled a second time before it had versions: the group that feeds it is the second one's.
insert into ${schema}.projection_version (projection, store, version, is_shown) values ('subject-carts', 'postgres', 2, true);
`,
};
