import type { StockId } from "@cartwright/contracts/pricing-shapes";
import type { ProviderAccount } from "@cartwright/infra/embedded/payment-provider";
import type postgres from "postgres";
import { noAccount, type ProviderBooks, simulatorBooks } from "./provider-books.ts";

export type Promised = {
  /** Carts whose checkouts are looked at. */
  readonly cartIds: readonly string[];
  /** Those of them that were acknowledged. */
  readonly checkoutIds: ReadonlySet<string>;
  /** The stock that all of them share, and how many pieces there were. */
  readonly stockId: StockId;
  readonly pieces: number;
  /** The coupon that all of them share. */
  readonly coupon: string;
  readonly maxUses: number;
  /** Where the money is, by whoever has it; absent: billing's own simulator. */
  readonly books?: ProviderBooks;
};

type CheckoutRow = {
  id: string;
  ended: boolean;
  orders: number;
  free: boolean;
  cancelled: boolean;
  restocked: boolean;
  pieces: number;
  coupons: number;
  total: string;
  captures: number;
  recordedCaptured: string;
  recordedRefunded: string;
  /** What the shop has asked the provider to give back, of its own accord. */
  refundsAsked: string;
};

/**
 * What is wrong with these checkouts at rest, by all logs and the provider's own books: nothing, if it is true that there is one order a
 * checkout and one capture an order, that no money is kept without an order nor given back of a good one, and that stock, coupons and the
 * provider's ledger agree with what happened.
 */
export const wrongAtRest = async (sql: postgres.Sql, promised: Promised): Promise<readonly string[]> => {
  const accounts = await (promised.books ?? simulatorBooks(sql)).accounts();
  const checkouts = await checkoutsOf(sql, promised.cartIds);
  const lost = promised.checkoutIds.difference(new Set(checkouts.map(({ id }) => id)));
  return [
    ...[...lost].map((id) => `${id} was acknowledged, and nobody knows of it`),
    ...checkouts.flatMap((row) => wrongWith(row, accounts.get(row.id) ?? noAccount)),
    ...(await wrongCounts(sql, promised, checkouts)),
  ];
};

const checkoutsOf = (sql: postgres.Sql, cartIds: readonly string[]) => sql<CheckoutRow[]>`
  with started as (
    select data->>'checkoutId' as id, stream_id, (data->'amount'->>'amountMinor')::bigint as total,
      coalesce((select sum((s->>'quantity')::int) from json_array_elements(data->'stock') s), 0)::int as pieces,
      json_array_length(data->'quote'->'coupons') as coupons
    from cart.event where type = 'CheckoutStarted' and stream_id = any(${cartIds.map((id) => `cart-${id}`)}))
  select s.id, s.total::text, s.total = 0 as free, s.pieces, s.coupons,
    exists (select from cart.event e where e.stream_id = s.stream_id and e.data->>'checkoutId' = s.id
      and e.type in ('CheckoutFailed', 'OrderPlaced')) as ended,
    (select count(*)::int from cart.event e where e.stream_id = s.stream_id and e.data->>'checkoutId' = s.id and e.type = 'OrderPlaced') as orders,
    exists (select from cart.event e where e.stream_id = s.stream_id and e.data->>'checkoutId' = s.id and e.type = 'OrderCancelled') as cancelled,
    exists (select from cart.event e where e.stream_id = s.stream_id and e.data->>'checkoutId' = s.id and e.type = 'OrderCancelled'
      and (e.data->>'restock')::boolean) as restocked,
    (select count(*)::int from billing.event e where e.stream_id = 'payment-' || s.id and e.type = 'PaymentCaptured') as captures,
    (select coalesce(sum((e.data->'amount'->>'amountMinor')::bigint), 0)::text from billing.event e where e.stream_id = 'payment-' || s.id
      and e.type = 'PaymentRefundRequested' and e.metadata->'actor'->>'subject' = 'service-operator') as "refundsAsked",
    coalesce((select (e.data->'capturedTotal'->>'amountMinor') from billing.event e where e.stream_id = 'payment-' || s.id
      and e.type = 'PaymentCaptured' order by version desc limit 1), '0') as "recordedCaptured",
    coalesce((select (e.data->'refundedTotal'->>'amountMinor') from billing.event e where e.stream_id = 'payment-' || s.id
      and e.type in ('PaymentRefunded', 'PaymentRefundFailed') order by version desc limit 1), '0') as "recordedRefunded"
  from started s order by s.id`;

const wrongWith = (row: CheckoutRow, account: ProviderAccount): readonly string[] => {
  const [total, received, returned] = [BigInt(row.total), BigInt(account.received), BigInt(account.returned)];
  const charges = account.taken + account.held;
  const rules: readonly (readonly [boolean, string])[] = [
    [row.ended, "has not ended"],
    [row.orders <= 1, `made ${row.orders} orders`],
    [charges <= 1, `was charged ${charges} times`],
    [row.captures <= 1, `was captured ${row.captures} times`],
    [account.held === 0, "is still held by the provider"],
    [account.waiting === 0, "is still waited for by the provider"],
    [row.orders > 0 || received === returned, `keeps ${received - returned} without an order`],
    [row.orders === 0 || row.cancelled || received === total, `is an order that was paid ${received} of ${total}`],
    [!row.cancelled || received === returned, `is cancelled and keeps ${received - returned}`],
    [row.cancelled || row.orders === 0 || returned <= BigInt(row.refundsAsked), `is a good order of which ${returned} went back`],
    [returned <= received, `gave ${returned} of ${received} back`],
    [BigInt(row.recordedCaptured) === received, `is recorded with ${row.recordedCaptured} captured, and the provider took ${received}`],
    [BigInt(row.recordedRefunded) === returned, `is recorded with ${row.recordedRefunded} refunded, and the provider gave ${returned}`],
  ];
  return rules.flatMap(([holds, what]) => (holds ? [] : [`${row.id} ${what}`]));
};

const wrongCounts = async (sql: postgres.Sql, promised: Promised, checkouts: readonly CheckoutRow[]): Promise<readonly string[]> => {
  const { stockId, pieces, coupon, maxUses } = promised;
  const counts = await sql<{ key: string; count: string }[]>`
    select key, count from cart.claim where key in (${`stock:${stockId}`}, ${`stock-reserved:${stockId}`}, ${`coupon:${coupon}`})`;
  const countOf = (key: string) => Number(counts.find((claim) => claim.key === key)?.count ?? 0);
  const orders = checkouts.filter((row) => row.orders > 0);
  const sold = orders.filter((row) => !row.restocked).reduce((sum, row) => sum + row.pieces, 0);
  const used = orders.filter((row) => !row.cancelled).reduce((sum, row) => sum + row.coupons, 0);
  return [
    ...(countOf(`stock-reserved:${stockId}`) === 0 ? [] : [`${countOf(`stock-reserved:${stockId}`)} pieces are reserved by nobody`]),
    ...(countOf(`stock:${stockId}`) + sold === pieces ? [] : [`${countOf(`stock:${stockId}`)} left and ${sold} sold are not ${pieces}`]),
    ...(countOf(`coupon:${coupon}`) === used ? [] : [`the coupon counts ${countOf(`coupon:${coupon}`)} uses, and there are ${used}`]),
    ...(used <= maxUses ? [] : [`the coupon was used ${used} times of ${maxUses}`]),
  ];
};
