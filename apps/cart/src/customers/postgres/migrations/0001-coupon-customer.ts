import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const couponCustomerTable: Migration = {
  number: 1,
  name: "coupon-customer",
  sql: (schema) => `
-- Which customer an e-mail stands for, by its keyed hash; it goes with the key of the person who gave it first.
create table ${schema}.coupon_customer (
  hash text collate "C" primary key,
  customer text collate "C" not null,
  key_id text collate "C" not null references ${schema}.person_key on delete cascade
);
create index coupon_customer_by_key on ${schema}.coupon_customer (key_id);

select ${schema}.allow('select, insert, update', '${schema}.coupon_customer');
`,
};
