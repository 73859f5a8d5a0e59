import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const simulatorTables: Migration = {
  number: 1,
  name: "simulator",
  sql: (schema) => `
create table ${schema}.simulated_request (
  key text primary key,
  fingerprint text not null,
  -- Null only within the transaction that works on it.
  answer jsonb,
  made_at timestamptz not null default now()
);
create table ${schema}.simulated_intent (
  id text primary key,
  amount bigint not null,
  currency text not null,
  status text not null,
  amount_received bigint not null,
  payment_method text not null,
  metadata jsonb not null,
  created_at timestamptz not null default now()
);
select ${schema}.allow('select, insert, update', '${schema}.simulated_request');
select ${schema}.allow('select, insert, update', '${schema}.simulated_intent');
`,
};
