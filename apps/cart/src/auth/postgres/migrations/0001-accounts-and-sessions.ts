import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const accountsAndSessions: Migration = {
  number: 1,
  name: "accounts-and-sessions",
  sql: (schema) => `
create table ${schema}.account (
  subject text primary key,
  email text not null unique,
  password_hash text not null,
  scopes text[] not null default '{}',
  disabled_at timestamptz,
  created_at timestamptz not null default now()
);

create table ${schema}.session (
  sid uuid primary key,
  subject text not null,
  kind text not null check (kind in ('guest', 'user')),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_by_revocation on ${schema}.session (revoked_at) where revoked_at is not null;

-- Spent tokens stay until they expire: one that comes back ends its session.
create table ${schema}.refresh_token (
  hash text primary key,
  sid uuid not null references ${schema}.session on delete cascade,
  expires_at timestamptz not null,
  spent_at timestamptz,
  successor_salt text,
  check ((spent_at is null) = (successor_salt is null))
);
create index refresh_token_by_session on ${schema}.refresh_token (sid);
create index refresh_token_by_expiry on ${schema}.refresh_token (expires_at);

create table ${schema}.signing_key (
  purpose text primary key,
  private_jwk jsonb not null,
  created_at timestamptz not null default now()
);

select ${schema}.allow('select, insert, update', '${schema}.account');
select ${schema}.allow('select, insert, update, delete', '${schema}.session');
select ${schema}.allow('select, insert, update, delete', '${schema}.refresh_token');
select ${schema}.allow('select, insert', '${schema}.signing_key');
`,
};
