import { SubjectId } from "@cartwright/contracts/ids";
import type postgres from "postgres";
import type { KeptMail, Mailbox } from "../mailbox.ts";

type Row = { number: string; key: string; recipient: string; subject: string; body: string; sent_at: Date };

/** The table `mail` of `schema`. */
export const postgresMailbox = (sql: postgres.Sql, schema: string): Mailbox => {
  const table = sql(`${schema}.mail`);
  return {
    async send({ key, recipient, subject, text }) {
      await sql`insert into ${table} (key, recipient, subject, body) values (${key}, ${recipient}, ${subject}, ${text}) on conflict (key) do nothing`;
      return { messageId: messageIdOf(key) };
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

const toMail = ({ number, key, recipient, subject, body, sent_at: sentAt }: Row): KeptMail => ({
  number: Number(number),
  messageId: messageIdOf(key),
  recipient: SubjectId.parse(recipient),
  subject,
  text: body,
  sentAt,
});
