import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const catalogTables: Migration = {
  number: 1,
  name: "catalog",
  sql: (schema) => `
create table ${schema}.catalog_product (
  product_id text collate "C" primary key,
  -- Of the product's stream: what is older never overwrites what is newer.
  version integer not null,
  product jsonb not null,
  retired boolean not null,
  category text,
  sort_name text collate "C" not null,
  listed_at timestamptz not null,
  terms tsvector not null
);
create index catalog_product_by_name on ${schema}.catalog_product (sort_name, product_id) where not retired;
create index catalog_product_by_age on ${schema}.catalog_product (listed_at, product_id) where not retired;
create index catalog_product_by_category on ${schema}.catalog_product (category, sort_name, product_id) where not retired;
create index catalog_product_by_term on ${schema}.catalog_product using gin (terms) where not retired;

-- One row a currency that a listed product can be bought in.
create table ${schema}.catalog_price (
  product_id text collate "C" not null references ${schema}.catalog_product on delete cascade,
  currency text not null,
  amount_minor bigint not null,
  primary key (product_id, currency)
);
create index catalog_price_by_amount on ${schema}.catalog_price (currency, amount_minor, product_id);

select ${schema}.allow('select, insert, update, delete', '${schema}.catalog_product');
select ${schema}.allow('select, insert, update, delete', '${schema}.catalog_price');
`,
};
