import type postgres from "postgres";
import type { SimulatedAnswer, SimulatedIntent, SimulatorLedger } from "../simulator-ledger.ts";

type Row = {
  id: string;
  amount: string;
  currency: string;
  status: SimulatedIntent["status"];
  amount_received: string;
  payment_method: string;
  metadata: Record<string, string>;
};

/** The books in tables of `schema`: an answer is there if and only if what it says has happened. */
export const postgresLedger = (sql: postgres.Sql, schema: string): SimulatorLedger => {
  const requests = sql(`${schema}.simulated_request`);
  const intents = sql(`${schema}.simulated_intent`);
  return {
    once: ({ key, fingerprint }, work) =>
      sql.begin(async (tx) => {
        // Who comes second under a key waits here for the first one's answer.
        const [mine] =
          await tx`insert into ${requests} (key, fingerprint) values (${key}, ${fingerprint}) on conflict do nothing returning key`;
        if (!mine) {
          const [known] = await tx<{ fingerprint: string; answer: SimulatedAnswer }[]>`
            select fingerprint, answer from ${requests} where key = ${key}`;
          return known?.fingerprint === fingerprint ? known.answer : "keyReused";
        }
        const answer = await work({
          async take(id) {
            const [row] = await tx<Row[]>`select * from ${intents} where id = ${id} for update`;
            return row ? toIntent(row) : null;
          },
          async put(intent) {
            const { id, amount, currency, status, amountReceived, paymentMethod, metadata } = intent;
            await tx`insert into ${intents} (id, amount, currency, status, amount_received, payment_method, metadata)
              values (${id}, ${amount}, ${currency}, ${status}, ${amountReceived}, ${paymentMethod}, ${tx.json(metadata)})
              on conflict (id) do update set status = excluded.status, amount_received = excluded.amount_received`;
          },
        });
        // What is answered is made of JSON.
        await tx`update ${requests} set answer = ${tx.json(answer as never)} where key = ${key}`;
        return answer;
      }),
    async get(id) {
      const [row] = await sql<Row[]>`select * from ${intents} where id = ${id}`;
      return row ? toIntent(row) : null;
    },
  };
};

const toIntent = (row: Row): SimulatedIntent => ({
  id: row.id,
  amount: Number(row.amount),
  currency: row.currency,
  status: row.status,
  amountReceived: Number(row.amount_received),
  paymentMethod: row.payment_method,
  metadata: row.metadata,
});
