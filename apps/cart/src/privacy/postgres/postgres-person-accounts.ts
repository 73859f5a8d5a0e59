import type { SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { SqlClient } from "@cartwright/messaging/postgres/sql-client";
import type { PersonAccounts } from "../persons.ts";

export type ErasableAccounts = PersonAccounts & {
  /** Erases the accounts that were there at that time; one that was opened later stays. */
  eraseAll(forgotten: readonly { readonly subject: SubjectId; readonly forgottenAt: Instant }[]): Promise<void>;
};

/** The tables `account` and `session` of `schema`. */
export const postgresPersonAccounts = (sql: SqlClient, schema: string): ErasableAccounts => {
  const account = sql(`${schema}.account`);
  const session = sql(`${schema}.session`);
  const eraseAll: ErasableAccounts["eraseAll"] = async (forgotten) => {
    const rows = sql.json(forgotten.map(({ subject, forgottenAt }) => ({ subject, forgottenAt })));
    await sql`
      with gone as (
        delete from ${account} a using jsonb_to_recordset(${rows}) as f(subject text, "forgottenAt" timestamptz)
        where a.subject = f.subject and a.created_at <= f."forgottenAt" returning a.subject
      )
      update ${session} s set revoked_at = clock_timestamp() from gone where s.subject = gone.subject and s.revoked_at is null`;
  };
  return {
    async of(subject) {
      const [found] = await sql<
        { email: string }[]
      >`select coalesce(email_sealed, email) as email from ${account} where subject = ${subject}`;
      return found ?? null;
    },
    // Whoever asks for it now means the account that is there now, whatever the clocks say.
    erase: (subject) => eraseAll([{ subject, forgottenAt: "9999-12-31T23:59:59.999Z" as Instant }]),
    eraseAll,
  };
};
