import type postgres from "postgres";
import type { AccountSealing } from "../account-sealing.ts";
import type { Account, AccountStore, Email } from "../account-store.ts";

/** The table `account` of `schema`. It holds no e-mail that could be read there: each is sealed, and found by a keyed hash. */
export const postgresAccountStore = (sql: postgres.Sql, schema: string, sealing: AccountSealing): AccountStore => {
  const account = sql(`${schema}.account`);
  const columns = sql`subject, password_hash as "passwordHash", scopes, disabled_at as "disabledAt"`;

  return {
    async byEmail(email) {
      const hashes = await sealing.hashes(email);
      const [found] = await sql<Account[]>`select ${columns} from ${account} where email_hash = any(${[...hashes]})`;
      return found;
    },
    async bySubject(subject) {
      const [found] = await sql<Account[]>`select ${columns} from ${account} where subject = ${subject}`;
      return found;
    },
    async add({ subject, email, passwordHash, scopes, disabledAt }) {
      const hashes = await sealing.hashes(email);
      // Asked first: a key, and what stands for the e-mail beside it, is made for nobody whose account is not.
      const there = await sql`select from ${account} where subject = ${subject} or email_hash = any(${[...hashes]})`;
      if (there.length > 0) return false;
      const [hash, sealed] = [await sealing.hash(email), await sealing.seal(subject, email)];
      const added = await sql`
        insert into ${account} (subject, email_hash, email_sealed, password_hash, scopes, disabled_at)
        values (${subject}, ${hash}, ${sealed}, ${passwordHash}, ${[...scopes]}, ${disabledAt})
        on conflict do nothing`;
      return added.count === 1;
    },
  };
};

/** Seals the e-mails of accounts that were kept in the clear. However many processes do it at once, each account is sealed once. */
export const sealKeptAccounts = async (sql: postgres.Sql, schema: string, sealing: AccountSealing): Promise<void> => {
  const account = sql(`${schema}.account`);
  const inTheClear = await sql<{ subject: string; email: Email }[]>`select subject, email from ${account} where email is not null`;
  for (const { subject, email } of inTheClear) {
    const [hash, sealed] = [await sealing.hash(email), await sealing.seal(subject, email)];
    await sql`
      update ${account} set email = null, email_hash = ${hash}, email_sealed = ${sealed}
      where subject = ${subject} and email is not null`;
  }
};
