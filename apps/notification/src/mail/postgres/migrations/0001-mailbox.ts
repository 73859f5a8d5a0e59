import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const mailboxTable: Migration = {
  number: 1,
  name: "mailbox",
  sql: (schema) => `
create table ${schema}.mail (
  number bigint generated always as identity primary key,
  key text not null unique,
  recipient text collate "C" not null,
  subject text not null,
  body text not null,
  sent_at timestamptz not null default now()
);
create index mail_by_recipient on ${schema}.mail (recipient, number desc);
select ${schema}.allow('select, insert', '${schema}.mail');
`,
};
