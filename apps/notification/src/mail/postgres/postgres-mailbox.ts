import { SubjectId } from "@cartwright/contracts/ids";
import { Sealed } from "@cartwright/contracts/sealed";
import type postgres from "postgres";
import type { KeptMail, Mailbox } from "../mailbox.ts";

type Row = { number: string; key: string; recipient: string; email_sealed: string | null; subject: string; body: string; sent_at: Date };

/** The table `mail` of `schema`. */
export const postgresMailbox = (sql: postgres.Sql, schema: string): Mailbox => {
  const table = sql(`${schema}.mail`);
  return {
    async send({ key, recipient, subject, text }) {
      const { subjectId, sealedEmail } = recipient;
      await sql`
        insert into ${table} (key, recipient, email_sealed, subject, body) values (${key}, ${subjectId}, ${sealedEmail}, ${subject}, ${text})
        on conflict (key) do nothing`;
      return { messageId: messageIdOf(key) };
    },
    async sent(key) {
      const found = await sql`select from ${table} where key = ${key}`;
      return found.length > 0 ? { messageId: messageIdOf(key) } : null;
    },
    async kept(keys) {
      const rows = await sql<Row[]>`select * from ${table} where key = any(${[...keys]}) order by number`;
      return rows.map(toMail);
    },
    async list({ recipient, before, limit }) {
      const rows = await sql<Row[]>`
        select * from ${table}
        where true ${recipient === undefined ? sql`` : sql`and recipient = ${recipient}`} ${before === undefined ? sql`` : sql`and number < ${before}`}
        order by number desc limit ${limit}`;
      return rows.map(toMail);
    },
  };
};

const messageIdOf = (key: string) => `<${key}@cartwright>`;

const toMail = ({ number, key, recipient, email_sealed: sealedEmail, subject, body, sent_at: sentAt }: Row): KeptMail => ({
  number: Number(number),
  messageId: messageIdOf(key),
  recipient: SubjectId.parse(recipient),
  sealedEmail: sealedEmail === null ? null : Sealed.parse(sealedEmail),
  subject,
  text: body,
  sentAt,
});
