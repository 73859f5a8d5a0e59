import type postgres from "postgres";
import type { Books } from "../simulator-ledger.ts";
import { type DisputeRow, type IntentRow, type RefundRow, toDispute, toIntent, toRefund } from "./ledger-rows.ts";

/** The books within a transaction. */
export const postgresBooks =
  (schema: string) =>
  (tx: postgres.TransactionSql): Books => {
    const table = (name: string) => tx(`${schema}.simulated_${name}`);
    return {
      async take(id) {
        const [row] = await tx<IntentRow[]>`select * from ${table("intent")} where id = ${id} for update`;
        return row ? toIntent(row) : null;
      },
      async put(intent) {
        const { id, amount, currency, status, amountReceived, paymentMethod, metadata, returnUrl, lastError, createdAt } = intent;
        await tx`insert into ${table("intent")}
            (id, amount, currency, status, amount_received, payment_method, metadata, return_url, last_error, cancellation_reason, created_at)
          values (${id}, ${amount}, ${currency}, ${status}, ${amountReceived}, ${paymentMethod}, ${tx.json(metadata)}, ${returnUrl},
            ${lastError ? tx.json(lastError) : null}, ${intent.cancellationReason}, ${createdAt})
          on conflict (id) do update set status = excluded.status, amount_received = excluded.amount_received,
            payment_method = excluded.payment_method, last_error = excluded.last_error, cancellation_reason = excluded.cancellation_reason`;
      },
      async refunds(intentId) {
        const rows = await tx<RefundRow[]>`select * from ${table("refund")} where intent_id = ${intentId}`;
        return rows.map(toRefund);
      },
      async takeRefund(id) {
        const [row] = await tx<RefundRow[]>`select * from ${table("refund")} where id = ${id} for update`;
        return row ? toRefund(row) : null;
      },
      async putRefund({ id, intentId, amount, currency, status, metadata, next }) {
        await tx`insert into ${table("refund")} (id, intent_id, amount, currency, status, metadata, next_status, next_at)
          values (${id}, ${intentId}, ${amount}, ${currency}, ${status}, ${tx.json(metadata)}, ${next?.status ?? null}, ${next?.at ?? null})
          on conflict (id) do update set status = excluded.status, next_status = excluded.next_status, next_at = excluded.next_at`;
      },
      async dispute(id) {
        const [row] = await tx<DisputeRow[]>`select * from ${table("dispute")} where id = ${id} for update`;
        return row ? toDispute(row) : null;
      },
      async putDispute({ id, intentId, amount, currency, reason, status }) {
        await tx`insert into ${table("dispute")} (id, intent_id, amount, currency, reason, status)
          values (${id}, ${intentId}, ${amount}, ${currency}, ${reason}, ${status}) on conflict (id) do update set status = excluded.status`;
      },
      async tell({ id, type, object, copies, createdAt, dueAt }) {
        // What is told is made of JSON.
        await tx`insert into ${table("event")} (id, type, object, copies, created_at, next_at)
          values (${id}, ${type}, ${tx.json(object as never)}, ${copies}, ${createdAt}, ${dueAt})`;
      },
    };
  };
