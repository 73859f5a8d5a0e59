import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const projectionVersionTable: Migration = {
  number: 1,
  name: "projection-version",
  sql: (schema) => `
-- Every version that is fed; one of them is shown.
create table ${schema}.projection_version (
  projection text not null,
  store text not null check (store in ('postgres', 'redis')),
  version integer not null check (version > 0),
  is_shown boolean not null,
  since timestamptz not null default now(),
  primary key (projection, store, version)
);
create unique index projection_version_shown on ${schema}.projection_version (projection, store) where is_shown;

select ${schema}.allow('select, insert', '${schema}.projection_version');
`,
};
