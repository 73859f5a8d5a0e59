import type postgres from "postgres";
import type { KeyedAnswer, SimulatedAnswer, SimulatorLedger } from "../simulator-ledger.ts";
import { type DisputeRow, type EventRow, type IntentRow, type RefundRow, toDispute, toEvent, toIntent, toRefund } from "./ledger-rows.ts";
import { postgresBooks } from "./postgres-books.ts";

/** The books in tables of `schema`: an answer is there if and only if what it says has happened. */
export const postgresLedger = (sql: postgres.Sql, schema: string): SimulatorLedger => {
  const table = (name: string) => sql(`${schema}.simulated_${name}`);
  const booksOf = postgresBooks(schema);
  return {
    once: ({ key, fingerprint }, work) =>
      sql.begin(async (tx): Promise<KeyedAnswer> => {
        const [lock] = await tx<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(hashtextextended(${`${schema} ${key}`}, 0)) as mine`;
        if (!lock?.mine) return "inProgress";
        const [known] = await tx<{ fingerprint: string; answer: SimulatedAnswer }[]>`
          select fingerprint, answer from ${table("request")} where key = ${key}`;
        if (known) return known.fingerprint === fingerprint ? { answer: known.answer, isFirst: false } : "keyReused";
        const answer = await work(booksOf(tx));
        // What is answered is made of JSON.
        if (!answer.isUnkept)
          await tx`insert into ${table("request")} (key, fingerprint, answer) values (${key}, ${fingerprint}, ${tx.json(answer as never)})`;
        return { answer, isFirst: true };
      }),
    // The driver unwraps arrays of promises in its type of what a transaction answers; there are none.
    change: <Result>(work: (books: ReturnType<typeof booksOf>) => Promise<Result>) =>
      sql.begin((tx) => work(booksOf(tx))) as unknown as Promise<Result>,
    async get(id) {
      const [row] = await sql<IntentRow[]>`select * from ${table("intent")} where id = ${id}`;
      return row ? toIntent(row) : null;
    },
    async list(having) {
      const which = having ? sql`where metadata->>${having.key} = ${having.value}` : sql``;
      const rows = await sql<IntentRow[]>`select * from ${table("intent")} ${which} order by created_at desc limit 100`;
      return rows.map(toIntent);
    },
    async refunds(intentId) {
      const which = intentId === null ? sql`` : sql`where intent_id = ${intentId}`;
      const rows = await sql<RefundRow[]>`select * from ${table("refund")} ${which} order by created_at desc limit 100`;
      return rows.map(toRefund);
    },
    async dispute(id) {
      const [row] = await sql<DisputeRow[]>`select * from ${table("dispute")} where id = ${id}`;
      return row ? toDispute(row) : null;
    },
    async disputes(intentId) {
      const which = intentId === null ? sql`` : sql`where intent_id = ${intentId}`;
      const rows = await sql<DisputeRow[]>`select * from ${table("dispute")} ${which} order by created_at desc limit 100`;
      return rows.map(toDispute);
    },
    async due(now, heldSince) {
      const [row] = await sql<{ intents: string[]; refunds: string[] }[]>`
        select array(select id from ${table("intent")} where status = 'requires_capture' and created_at <= ${heldSince} limit 100) as intents,
          array(select id from ${table("refund")} where next_at <= ${now} limit 100) as refunds`;
      return row ?? { intents: [], refunds: [] };
    },
    async takeEvents(now, { until, limit }) {
      const rows = await sql<EventRow[]>`
        update ${table("event")} e set next_at = ${until}, attempts = attempts + 1
        from (select id from ${table("event")} where next_at <= ${now} order by next_at limit ${limit} for update skip locked) due
        where e.id = due.id returning e.*`;
      return rows.map(toEvent);
    },
    async settleEvent(id, nextAt) {
      await sql`update ${table("event")} set next_at = ${nextAt} where id = ${id}`;
    },
  };
};
