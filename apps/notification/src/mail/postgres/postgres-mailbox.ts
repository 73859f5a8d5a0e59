import { SubjectId } from "@cartwright/contracts/ids";
import { Sealed } from "@cartwright/contracts/sealed";
import type postgres from "postgres";
import type { KeptMail, Mailbox } from "../mailbox.ts";

type Row = {
  number: string;
  key: string;
  message_id: string | null;
  recipient: string;
  email_sealed: string | null;
  subject: string;
  body: string;
  sent_at: Date;
};

/** The table `mail` of `schema`. */
export const postgresMailbox = (sql: postgres.Sql, schema: string): Mailbox => {
  const table = sql(`${schema}.mail`);
  return {
    async keep({ key, messageId, recipient, sealedEmail, subject, text }) {
      await sql`
        insert into ${table} (key, message_id, recipient, email_sealed, subject, body)
        values (${key}, ${messageId}, ${recipient}, ${sealedEmail}, ${subject}, ${text})
        on conflict (key) do nothing`;
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

const toMail = ({ number, key, message_id: messageId, email_sealed: sealedEmail, sent_at: sentAt, ...row }: Row): KeptMail => ({
  number: Number(number),
  messageId: messageId ?? `<${key}@cartwright>`,
  recipient: SubjectId.parse(row.recipient),
  sealedEmail: sealedEmail === null ? null : Sealed.parse(sealedEmail),
  subject: row.subject,
  text: row.body,
  sentAt,
});
