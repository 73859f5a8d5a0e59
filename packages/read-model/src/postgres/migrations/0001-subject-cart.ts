import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const subjectCartTable: Migration = {
  number: 1,
  name: "subject-cart",
  sql: (schema) => `
-- One row a cart, written when it is opened and never changed.
create table ${schema}.subject_cart (
  cart_id uuid primary key,
  subject text collate "C" not null,
  opened_at timestamptz not null
);
create index subject_cart_by_subject on ${schema}.subject_cart (subject, opened_at desc, cart_id desc);

select ${schema}.allow('select, insert', '${schema}.subject_cart');
`,
};
