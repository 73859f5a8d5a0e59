import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const shownCartGroup: Migration = {
  number: 4,
  name: "shown-cart-group",
  sql: (schema) => `
-- Whose progress is that of what is shown; changed together with it.
do $$
declare
  shown text;
begin
  select used.table_name into strict shown from information_schema.view_table_usage used
  where used.view_schema = '${schema}' and used.view_name = 'shown_cart_view';
  execute format('create function ${schema}.shown_cart_group() returns text language sql immutable as %L',
    format('select %L', 'projector.cart-view' || coalesce('.' || substring(shown from '_([0-9]+)$'), '')));
end $$;
`,
};
