import type { Migration } from "@cartwright/event-log/postgres/migrate";

const tables: Migration = {
  number: 1,
  name: "figures",
  sql: (schema) => `
-- What happened on a day, in UTC, counted. The key is a currency, a reason, a state or a decision.
create table ${schema}.figure (
  version integer not null,
  day date not null,
  name text collate "C" not null,
  key text collate "C" not null,
  amount bigint not null,
  primary key (version, day, name, key)
) with (fillfactor = 50);

-- How each payment stands, so that its next event moves it from one state to another.
create table ${schema}.figure_payment (
  version integer not null,
  payment_id text collate "C" not null,
  standing jsonb not null,
  primary key (version, payment_id)
) with (fillfactor = 70);

select ${schema}.allow('select, insert, update', '${schema}.figure');
select ${schema}.allow('select, insert, update', '${schema}.figure_payment');
`,
};

/** For `migrate(sql, { schema, ...figuresMigrations })`. */
export const figuresMigrations: { component: string; migrations: readonly Migration[] } = { component: "figures", migrations: [tables] };
