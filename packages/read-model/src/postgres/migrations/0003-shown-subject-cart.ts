import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const shownSubjectCart: Migration = {
  number: 3,
  name: "shown-subject-cart",
  sql: (schema) => `
-- What is read, and whose progress is that of it. Which version's table is behind it, a rebuild changes in one moment.
create view ${schema}.shown_subject_cart as select cart_id, subject, opened_at, placed_at from ${schema}.subject_cart;
create function ${schema}.shown_subject_cart_group() returns text language sql immutable as $$ select 'projector.subject-carts.2' $$;

select ${schema}.allow('select', '${schema}.shown_subject_cart');
`,
};
