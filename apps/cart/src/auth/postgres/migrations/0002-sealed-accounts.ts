import type { Migration } from "@cartwright/event-log/postgres/migrate";

export const sealedAccounts: Migration = {
  number: 2,
  name: "sealed-accounts",
  sql: (schema) => `
-- Only in accounts that nobody has sealed yet, which a service does at its start: the keys are not the database's.
alter table ${schema}.account alter email drop not null;
-- By the master key.
alter table ${schema}.account add email_hash text collate "C" unique;
-- By the key of its owner.
alter table ${schema}.account add email_sealed text;
alter table ${schema}.account add constraint account_email_is_sealed
  check ((email is null) = (email_hash is not null) and (email_hash is null) = (email_sealed is null));
`,
};
