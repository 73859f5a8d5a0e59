import { paymentStreamId } from "@cartwright/contracts/billing-events";
import { Currency } from "@cartwright/contracts/currency";
import { PaymentId } from "@cartwright/contracts/ids";
import { shardOf } from "@cartwright/event-log/shard-of";
import type { Clock } from "@cartwright/messaging/clock";
import { postgresProgress } from "@cartwright/messaging/postgres/postgres-progress";
import type postgres from "postgres";
import type { PaymentCondition, PaymentStatus } from "../payments/payment.ts";
import type { Books, PaymentPosition } from "./books.ts";
import { booksGroup } from "./books-projection.ts";

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

export type PostgresBooksOptions = {
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** The service's own. */
  readonly log: { readonly name: string; readonly shards: number };
  readonly clock: Clock;
  /** How long a position is waited for. */
  readonly timeoutMs?: number;
};

/** From the tables that `booksProjection` keeps. */
export const postgresBooks = ({ sql, schema, ...waiting }: PostgresBooksOptions): Books => ({
  reach: reaching({ sql, schema, ...waiting }),
  async list({ status, condition, after, limit }) {
    const table = sql(`${schema}.payment`);
    const having = sql`${status === undefined ? sql`` : sql`and status = ${status}`} ${
      condition === undefined ? sql`` : sql`and conditions <> '{}' and conditions @> ${[condition]}`
    }`;
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
  async conditions() {
    const rows = await sql<{ condition: string; count: number }[]>`
      select condition, count(*)::integer as count from ${sql(`${schema}.payment`)}, unnest(conditions) condition
      where conditions <> '{}' group by condition`;
    const countOf = (wanted: PaymentCondition) => rows.find(({ condition }) => condition === wanted)?.count ?? 0;
    return {
      unknown: countOf("unknown"),
      disputed: countOf("disputed"),
      refundFailed: countOf("refundFailed"),
      discrepant: countOf("discrepant"),
    };
  },
});

const reaching = ({ sql, schema, log, clock, timeoutMs = 3_000 }: PostgresBooksOptions) => {
  const progress = postgresProgress({ sql, schema });
  const of = { group: booksGroup, log: log.name };
  return async ({ paymentId, position }: PaymentPosition): Promise<boolean> => {
    const shard = shardOf(paymentStreamId(paymentId), log.shards);
    const hasReached = async () => ((await progress.marks(of)).get(shard)?.position ?? 0n) >= position;
    for (let left = timeoutMs; left > 0; left -= LOOK_MS) {
      if (await hasReached()) return true;
      await new Promise<void>((done) => clock.after(LOOK_MS, done));
    }
    return hasReached();
  };
};

const LOOK_MS = 25;
