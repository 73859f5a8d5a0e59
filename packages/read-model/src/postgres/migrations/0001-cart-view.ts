import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const cartViewTable: Migration = {
  number: 1,
  name: "cart-view",
  sql: (schema) => `
-- A row is written anew with every change of its cart: room on the page, and no changing column in an index but the status,
-- keep the updates out of the indices.
create table ${schema}.cart_view (
  cart_id uuid primary key,
  subject text collate "C" not null,
  status text not null,
  version integer not null,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  -- json, not jsonb: it is written and read whole.
  view json not null,
  -- What the projection goes on from, beside the view.
  remainder json not null
) with (fillfactor = 60);
create index cart_view_by_subject on ${schema}.cart_view (subject, opened_at desc, cart_id desc);
create index cart_view_by_status on ${schema}.cart_view (subject, status, opened_at desc, cart_id desc);

select ${schema}.allow('select, insert, update', '${schema}.cart_view');
`,
};
