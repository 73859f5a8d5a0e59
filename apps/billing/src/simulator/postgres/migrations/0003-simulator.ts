import type { Migration } from "@cartwright/event-log/postgres/migrate";

/** What changes by itself as time goes by. */
export const simulatorTime: Migration = {
  number: 3,
  name: "simulator time",
  sql: (schema) => `
create index simulated_intent_held on ${schema}.simulated_intent (created_at) where status = 'requires_capture';
alter table ${schema}.simulated_refund
  add column next_status text,
  -- Null once it is as it stays.
  add column next_at timestamptz;
create index simulated_refund_next on ${schema}.simulated_refund (next_at) where next_at is not null;
alter table ${schema}.simulated_dispute add column reason text not null default 'fraudulent';
`,
};
