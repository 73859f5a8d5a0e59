import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const cartViewTable: Migration = {
  number: 1,
  name: "cart-view",
  sql: (schema) => `
-- A row is written anew with every change of its cart: room on the page, and no changing column in an index, keep the updates
-- out of the indices.
create table ${schema}.cart_view (
  cart_id uuid primary key,
  subject text collate "C" not null,
  status text not null,
  version integer not null,
  opened_at timestamptz not null,
  updated_at timestamptz not null,
  -- JSON, but text: it is written and read whole, and to parse it would cost as much as all the rest of the write.
  view text not null,
  -- JSON, too: what the projection goes on from, beside the view.
  remainder text not null
) with (fillfactor = 60);
-- Without cart_id, which a sort of the few with the same time brings in: no look-up by id can mistake this index for its own.
create index cart_view_by_subject on ${schema}.cart_view (subject, opened_at desc);

select ${schema}.allow('select, insert, update', '${schema}.cart_view');
`,
};
