import type postgres from "postgres";
import type { HeardEvents } from "./hear-provider.ts";

/** In the table `provider_event` of `schema`. */
export const postgresHeardEvents = (sql: postgres.Sql, schema: string): HeardEvents => {
  const table = sql(`${schema}.provider_event`);
  return {
    async has(providerEventId) {
      const rows = await sql`select from ${table} where id = ${providerEventId}`;
      return rows.length > 0;
    },
    async add({ providerEventId, providerEventType, paymentId, occurredAt, changed }) {
      await sql`insert into ${table} (id, type, payment_id, occurred_at, changed)
        values (${providerEventId}, ${providerEventType}, ${paymentId}, ${occurredAt}, ${changed}) on conflict do nothing`;
    },
  };
};
