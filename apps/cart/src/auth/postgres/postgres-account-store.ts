import type postgres from "postgres";
import type { Account, AccountStore } from "../account-store.ts";

/** The table `account` of `schema`. */
export const postgresAccountStore = (sql: postgres.Sql, schema: string): AccountStore => {
  const account = sql(`${schema}.account`);
  const columns = sql`subject, email, password_hash as "passwordHash", scopes, disabled_at as "disabledAt"`;

  return {
    async byEmail(email) {
      const [found] = await sql<Account[]>`select ${columns} from ${account} where email = ${email}`;
      return found;
    },
    async bySubject(subject) {
      const [found] = await sql<Account[]>`select ${columns} from ${account} where subject = ${subject}`;
      return found;
    },
    async remove(subject) {
      await sql`delete from ${account} where subject = ${subject}`;
    },
    async add({ subject, email, passwordHash, scopes, disabledAt }) {
      const added = await sql`
        insert into ${account} (subject, email, password_hash, scopes, disabled_at)
        values (${subject}, ${email}, ${passwordHash}, ${[...scopes]}, ${disabledAt})
        on conflict do nothing`;
      return added.count === 1;
    },
  };
};
