import type { ProviderAccount } from "@cartwright/infra/embedded/payment-provider";
import type { Sql } from "postgres";
import { noAccount } from "../provider-books.ts";
import type { Purchase } from "./shoppers.ts";

/** Amounts are in minor units, also those of the provider. */
type Standing = {
  readonly order: string | null;
  readonly paid: number;
  readonly refunded: number;
  readonly payment: string | null;
  readonly conditions: number;
  readonly bookedCaptured: number;
  readonly bookedRefunded: number;
  readonly mails: number;
};

/**
 * Where a purchase has not ended as it has to: the order as it is shown, the payment in billing's books, what the provider has taken, holds
 * and has given back, and the mail. All amounts are the same wherever they are written down.
 */
export const endsAmiss = async (
  sql: Sql,
  purchases: readonly Purchase[],
  accounts: ReadonlyMap<string, ProviderAccount>,
): Promise<readonly string[]> => {
  const rows = await sql<(Standing & { checkoutId: string; total: number })[]>`
    with bought as materialized (
      select s.data->>'checkoutId' as id, (s.data->'amount'->>'amountMinor')::float as total, v.view::jsonb->'order' as shown
      from cart.event s left join projector.shown_cart_view v on 'cart-' || v.cart_id = s.stream_id
      where s.type = 'CheckoutStarted' and s.data->>'checkoutId' = any(${purchases.map(({ checkoutId }) => checkoutId)})),
    booked as (
      select payment_id, coalesce(sum(amount) filter (where kind = 'captured'), 0)::float as captured,
        coalesce(sum(case kind when 'refunded' then amount when 'refundReturned' then -amount end), 0)::float as refunded
      from billing.payment_entry group by 1)
    select b.id as "checkoutId", b.total, b.shown->>'status' as order,
      coalesce((b.shown->'paid'->>'amountMinor')::float, 0) as paid, coalesce((b.shown->'refunded'->>'amountMinor')::float, 0) as refunded,
      p.status as payment, coalesce(cardinality(p.conditions), 0) as conditions,
      coalesce(e.captured, 0) as "bookedCaptured", coalesce(e.refunded, 0) as "bookedRefunded",
      (select count(*)::int from notification.mail m where m.key like 'order-paid:email:' || b.id || ':%') as mails
    from bought b left join billing.payment p on p.payment_id = b.id left join booked e on e.payment_id = b.id`;
  const found = new Map(rows.map(({ checkoutId, total, ...standing }) => [checkoutId, { total, standing }]));
  return purchases.flatMap(({ checkoutId, kind: { name, ends } }) => {
    const { total = 0, standing = null } = found.get(checkoutId) ?? {};
    const taken = ends.payment === "Voided" ? 0 : total;
    const back = ends.returned === "all" ? taken : ends.returned;
    const due: Standing & ProviderAccount = {
      ...{ order: ends.order, paid: taken, refunded: back, payment: ends.payment, conditions: 0 },
      ...{ bookedCaptured: taken, bookedRefunded: back, mails: taken === 0 ? 0 : 1 },
      ...{ taken: taken === 0 ? 0 : 1, held: 0, waiting: 0, received: taken, returned: back },
    };
    const is = { ...standing, ...(accounts.get(checkoutId) ?? noAccount) };
    const wrong = Object.entries(due).filter(([what, value]) => is[what as keyof typeof due] !== value);
    if (wrong.length === 0) return [];
    const told = wrong.map(([what, value]) => `${what} ${is[what as keyof typeof due] ?? "unknown"} instead of ${value}`);
    return [`${checkoutId}, which ${name}: ${told.join(", ")}`];
  });
};
