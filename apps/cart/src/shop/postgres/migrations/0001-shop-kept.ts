import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const shopKept: Migration = {
  number: 1,
  name: "shop_kept",
  sql: (schema) => `
-- What is put whole and retired: coupons, shipping methods, tax rates.
create table ${schema}.shop_kept (
  kind text collate "C" not null,
  id text collate "C" not null,
  -- Of its stream: what is older never overwrites what is newer.
  version integer not null,
  data jsonb not null,
  is_retired boolean not null,
  primary key (kind, id)
);
select ${schema}.allow('select, insert, update, delete', '${schema}.shop_kept');
`,
};
