import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const placedAtOfSubjectCart: Migration = {
  number: 2,
  name: "placed-at",
  sql: (schema) => `
-- By what a subject's orders are found; the projection fills the table again for it, under another name.
alter table ${schema}.subject_cart add column placed_at timestamptz;
create index subject_cart_by_placement on ${schema}.subject_cart (subject, placed_at desc, cart_id desc) where placed_at is not null;

select ${schema}.allow('select, insert, update', '${schema}.subject_cart');
`,
};
