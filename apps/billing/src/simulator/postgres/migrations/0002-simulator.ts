import type { Migration } from "@cartwright/event-log/postgres/migrate";

/** Three-D Secure, refunds, disputes, and what the service is told of them. */
export const simulatorBooks: Migration = {
  number: 2,
  name: "simulator books",
  sql: (schema) => `
alter table ${schema}.simulated_intent
  add column return_url text,
  add column last_error jsonb,
  add column cancellation_reason text;
create index simulated_intent_payment on ${schema}.simulated_intent ((metadata->>'paymentId'));
create table ${schema}.simulated_refund (
  id text primary key,
  intent_id text not null references ${schema}.simulated_intent (id),
  amount bigint not null,
  currency text not null,
  status text not null,
  metadata jsonb not null,
  created_at timestamptz not null default now()
);
create index simulated_refund_intent on ${schema}.simulated_refund (intent_id);
create table ${schema}.simulated_dispute (
  id text primary key,
  intent_id text not null references ${schema}.simulated_intent (id),
  amount bigint not null,
  currency text not null,
  status text not null,
  created_at timestamptz not null default now()
);
create table ${schema}.simulated_event (
  id text primary key,
  type text not null,
  object jsonb not null,
  copies integer not null,
  attempts integer not null default 0,
  created_at timestamptz not null,
  -- Null once it was heard.
  next_at timestamptz
);
create index simulated_event_next on ${schema}.simulated_event (next_at) where next_at is not null;
select ${schema}.allow('select, insert, update', '${schema}.simulated_refund');
select ${schema}.allow('select, insert, update', '${schema}.simulated_dispute');
select ${schema}.allow('select, insert, update', '${schema}.simulated_event');
`,
};
