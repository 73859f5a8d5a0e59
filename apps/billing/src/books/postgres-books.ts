import { Currency } from "@cartwright/contracts/currency";
import { PaymentId } from "@cartwright/contracts/ids";
import type postgres from "postgres";
import type { PaymentStatus } from "../payments/payment.ts";
import type { Books } from "./books.ts";

type TotalsRow = {
  day: string;
  currency: string;
  captured: string;
  captures: number;
  refunded: string;
  refunds: number;
  disputed: string;
  won: string;
};

/** From the tables that `booksProjection` keeps. */
export const postgresBooks = (sql: postgres.Sql, schema: string): Books => ({
  async list({ status, after, limit }) {
    const table = sql(`${schema}.payment`);
    const having = status === undefined ? sql`` : sql`and status = ${status}`;
    const older =
      after === undefined
        ? sql``
        : sql`and (begun_at, payment_id) < (select begun_at, payment_id from ${table} where payment_id = ${after})`;
    const rows = await sql<{ payment_id: string; status: PaymentStatus; begun_at: Date }[]>`
      select payment_id, status, begun_at from ${table} where true ${having} ${older} order by begun_at desc, payment_id desc limit ${limit}`;
    return rows.map((row) => ({ paymentId: PaymentId.parse(row.payment_id), status: row.status, begunAt: row.begun_at }));
  },
  async totals({ from, to }) {
    const rows = await sql<TotalsRow[]>`
      select to_char(day, 'YYYY-MM-DD') as day, currency,
        coalesce(sum(amount) filter (where kind = 'captured'), 0) as captured, count(*) filter (where kind = 'captured')::integer as captures,
        coalesce(sum(amount) filter (where kind = 'refunded'), 0) - coalesce(sum(amount) filter (where kind = 'refundReturned'), 0) as refunded,
        count(*) filter (where kind = 'refunded')::integer as refunds,
        coalesce(sum(amount) filter (where kind = 'disputed'), 0) as disputed, coalesce(sum(amount) filter (where kind = 'disputeWon'), 0) as won
      from ${sql(`${schema}.payment_entry`)} where day between ${from}::date and ${to}::date group by 1, 2 order by 1, 2`;
    return rows.map((row) => ({
      ...{ day: row.day, currency: Currency.parse(row.currency), captures: row.captures, refunds: row.refunds },
      capturedMinor: Number(row.captured),
      refundedMinor: Number(row.refunded),
      disputedMinor: Number(row.disputed),
      disputesWonMinor: Number(row.won),
    }));
  },
});
