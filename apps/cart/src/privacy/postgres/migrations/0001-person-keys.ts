import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const personKeysTable: Migration = {
  number: 1,
  name: "person-keys",
  sql: (schema) => `
create table ${schema}.person_key (
  -- Random; written beside all that the key has sealed.
  key_id text collate "C" primary key,
  subject text collate "C" not null unique,
  -- By the master key.
  wrapped text not null,
  created_at timestamptz not null
);

-- Keyed hashes that stand for equal values. They go with the key.
create table ${schema}.person_hash (
  key_id text collate "C" not null references ${schema}.person_key on delete cascade,
  field text collate "C" not null,
  hash text collate "C" not null,
  primary key (key_id, field, hash)
);
create index person_hash_by_hash on ${schema}.person_hash (hash, field);

-- Who looked at, exported or searched for somebody else's personal data, and why. Nothing changes a row or takes one away.
create table ${schema}.personal_data_look (
  look_id bigint generated always as identity primary key,
  -- Null where nobody was found.
  subject text collate "C",
  actor text not null,
  reason text not null,
  question text not null,
  at timestamptz not null
);
create index personal_data_look_by_subject on ${schema}.personal_data_look (subject, at);

select ${schema}.allow('select, insert, update, delete', '${schema}.person_key');
select ${schema}.allow('select, insert, update, delete', '${schema}.person_hash');
select ${schema}.allow('select, insert', '${schema}.personal_data_look');
-- The account of who was forgotten is deleted.
select ${schema}.allow('delete', '${schema}.account');
`,
};
