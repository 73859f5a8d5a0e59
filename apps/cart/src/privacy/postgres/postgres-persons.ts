import type postgres from "postgres";
import type { PersonLook, PersonLooks, Persons } from "../persons.ts";
import { postgresPersonAccounts } from "./postgres-person-accounts.ts";
import { postgresPersonKeys } from "./postgres-person-keys.ts";

/** The tables of `schema` that hold what is known of persons. */
export const postgresPersons = (sql: postgres.Sql, schema: string): Persons => ({
  keys: postgresPersonKeys(sql, schema),
  accounts: postgresPersonAccounts(sql, schema),
  looks: postgresPersonLooks(sql, schema),
});

const postgresPersonLooks = (sql: postgres.Sql, schema: string): PersonLooks => ({
  async record({ subject, actor, reason, question, at }) {
    await sql`
      insert into ${sql(`${schema}.personal_data_look`)} (subject, actor, reason, question, at)
      values (${subject}, ${actor}, ${reason}, ${question}, ${at})`;
  },
  of: ({ subjects, cartIds }) => sql<PersonLook[]>`
    select actor, reason, question, at from ${sql(`${schema}.personal_data_look`)} where subject = any(${[...subjects]})
    union all
    select actor, reason, question, at from ${sql(`${schema}.support_read`)} where cart_id = any(${[...cartIds]})
    order by at`,
});
