import type { ProviderAccount } from "@cartwright/infra/embedded/payment-provider";
import type { Sql } from "postgres";

export type ProviderBooks = { accounts(): ReadonlyMap<string, ProviderAccount> | Promise<ReadonlyMap<string, ProviderAccount>> };

/** Of a payment that the provider was never asked about. */
export const noAccount: ProviderAccount = { taken: 0, held: 0, waiting: 0, received: 0, returned: 0 };

/** The books of billing's own simulator, by payment. */
export const simulatorBooks = (sql: Sql): ProviderBooks => ({
  async accounts() {
    const rows = await sql<(ProviderAccount & { id: string })[]>`
      select metadata->>'paymentId' as id,
        count(*) filter (where status = 'succeeded')::int as taken,
        count(*) filter (where status = 'requires_capture')::int as held,
        count(*) filter (where status in ('requires_action', 'processing'))::int as waiting,
        coalesce(sum(amount_received), 0)::float as received,
        coalesce(sum((select sum(r.amount) from billing.simulated_refund r where r.intent_id = i.id and r.status = 'succeeded')), 0)::float as returned
      from billing.simulated_intent i group by 1`;
    return new Map(rows.map(({ id, ...account }) => [id, account]));
  },
});
