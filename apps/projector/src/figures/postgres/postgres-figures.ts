import { PaymentId } from "@cartwright/contracts/ids";
import { intArray, textArray } from "@cartwright/event-log/postgres/array-literal";
import { selectMarks } from "@cartwright/messaging/postgres/mark-rows";
import type postgres from "postgres";
import { type Count, FigureName, summed } from "../count.ts";
import { figuresGroupOf } from "../figures-group.ts";
import type { Days, FiguresReader } from "../figures-reader.ts";
import type { FiguresWriter } from "../figures-writer.ts";
import { PaymentStanding } from "../payment-standing.ts";

type Client = postgres.Sql | postgres.TransactionSql;
type Place = { readonly schema: string; readonly version: number };

/** In the tables of `schema`; what is added is there if and only if the transaction is. */
export const postgresFiguresWriter = (tx: postgres.TransactionSql, { schema, version }: Place): FiguresWriter => ({
  async standings(paymentIds) {
    const rows = await tx<{ payment_id: string; standing: unknown }[]>`
      select payment_id, standing from ${tx(`${schema}.figure_payment`)} where version = ${version} and payment_id = any(${[...paymentIds]})`;
    return new Map(rows.map((row) => [PaymentId.parse(row.payment_id), PaymentStanding.parse(row.standing)]));
  },

  async add({ counts, standings }) {
    // In one order, so that transactions never wait for each other in a circle.
    const sums = summed(counts);
    if (sums.length > 0)
      await tx.unsafe(
        `insert into ${schema}.figure as kept (version, day, name, key, amount)
         select $1, * from unnest($2::date[], $3::text[], $4::text[], $5::bigint[])
         on conflict (version, day, name, key) do update set amount = kept.amount + excluded.amount`,
        [
          version,
          textArray(sums.map(({ day }) => day)),
          textArray(sums.map(({ name }) => name)),
          textArray(sums.map(({ key }) => key)),
          intArray(sums.map(({ amount }) => amount)),
        ],
      );
    const payments = [...standings].sort(([left], [right]) => (left < right ? -1 : 1));
    if (payments.length > 0)
      await tx.unsafe(
        `insert into ${schema}.figure_payment (version, payment_id, standing)
         select $1, p.payment_id, p.standing::jsonb from unnest($2::text[], $3::text[]) p(payment_id, standing)
         on conflict (version, payment_id) do update set standing = excluded.standing`,
        [version, textArray(payments.map(([paymentId]) => paymentId)), textArray(payments.map(([, standing]) => JSON.stringify(standing)))],
      );
  },
});

export const postgresFiguresReader = (sql: postgres.Sql, schema: string): FiguresReader => ({
  // Tables lose nothing: what they do not have yet is told by how far they are behind.
  counts: async (version, { days }) => ({ counts: await selectCounts(sql, { schema, version }, days), isReady: true }),

  // In one transaction, which sees one moment.
  snapshot: (version, logs) =>
    sql.begin("isolation level repeatable read read only", async (tx) => {
      const positions = await Promise.all(
        logs.map(async (log) => {
          const group = figuresGroupOf({ store: "postgres", version }, log.name);
          const marks = await selectMarks(tx, schema, { group, log: log.name });
          return Array.from({ length: log.shards }, (_, shard) => marks.get(shard)?.position ?? 0n);
        }),
      );
      return { positions, counts: await selectCounts(tx, { schema, version }) };
    }),
});

const selectCounts = async (sql: Client, { schema, version }: Place, { from, to }: Partial<Days> = {}): Promise<readonly Count[]> => {
  const rows = await sql<{ day: string; name: string; key: string; amount: string }[]>`
    select to_char(day, 'YYYY-MM-DD') as day, name, key, amount from ${sql(`${schema}.figure`)}
    where version = ${version} and day between ${from ?? "-infinity"}::text::date and ${to ?? "infinity"}::text::date`;
  return rows.map(({ day, name, key, amount }) => ({ day, name: FigureName.parse(name), key, amount: Number(amount) }));
};
