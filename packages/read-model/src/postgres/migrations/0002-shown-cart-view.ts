import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const shownCartView: Migration = {
  number: 2,
  name: "shown-cart-view",
  sql: (schema) => `
-- What is read. Which version's table is behind it, a rebuild changes in one moment.
create view ${schema}.shown_cart_view as
  select cart_id, subject, status, version, opened_at, updated_at, view from ${schema}.cart_view;

select ${schema}.allow('select', '${schema}.shown_cart_view');
`,
};
