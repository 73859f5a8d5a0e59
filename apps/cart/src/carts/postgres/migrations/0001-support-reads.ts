import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const supportReads: Migration = {
  number: 1,
  name: "support-reads",
  sql: (schema) => `
-- Kept for audits: nothing changes a row or takes one away.
create table ${schema}.support_read (
  read_id bigint generated always as identity primary key,
  cart_id uuid not null,
  actor text not null,
  reason text not null,
  question text not null,
  at timestamptz not null
);
create index support_read_by_cart on ${schema}.support_read (cart_id, at);

select ${schema}.allow('select, insert', '${schema}.support_read');
`,
};
