import type { Migration } from "@cartwright/event-log/postgres/migrate";

/** What the provider has told, and the books that are kept of the payments. */
export const billingBooks: Migration = {
  number: 1,
  name: "books",
  sql: (schema) => `
create table ${schema}.provider_event (
  id text primary key,
  type text not null,
  payment_id text not null,
  occurred_at timestamptz not null,
  -- Whether anything followed from it.
  changed boolean not null,
  received_at timestamptz not null default now()
);
create table ${schema}.payment (
  payment_id text primary key,
  version integer not null,
  status text not null,
  begun_at timestamptz not null
);
create index payment_begun on ${schema}.payment (begun_at desc, payment_id desc);
-- Money that moved: taken, given back, and come back again. One row for each event that says so.
create table ${schema}.payment_entry (
  payment_id text not null,
  version integer not null,
  kind text not null,
  day date not null,
  currency text not null,
  amount bigint not null,
  primary key (payment_id, version)
);
create index payment_entry_day on ${schema}.payment_entry (day, currency);
select ${schema}.allow('select, insert, update, delete', '${schema}.provider_event');
select ${schema}.allow('select, insert, update', '${schema}.payment');
select ${schema}.allow('select, insert', '${schema}.payment_entry');
`,
};
