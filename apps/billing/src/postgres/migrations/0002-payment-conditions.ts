import type { Migration } from "@cartwright/event-log/postgres/migrate";

/** What somebody may have to look at. The books are read anew by a consumer group of their own, which fills it in for what is there. */
export const paymentConditions: Migration = {
  number: 2,
  name: "payment conditions",
  sql: (schema) => `
alter table ${schema}.payment add column conditions text[] not null default '{}';
create index payment_conditions on ${schema}.payment (begun_at desc, payment_id desc) where conditions <> '{}';
`,
};
