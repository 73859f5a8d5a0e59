import type { ProductData } from "@cartwright/contracts/product-data";
import { stockAvailableClaim } from "@cartwright/contracts/shop-events";
import type { EventLog } from "@cartwright/event-log/event-log";

/** Pieces of a product that can be bought now; null where nobody counts. */
export type LeftOf = (product: Pick<ProductData, "stockId">) => number | null;

/** What is left of these products, by one look at the counters of the log. */
export const leftOf = async (log: Pick<EventLog, "claims">, products: readonly Pick<ProductData, "stockId">[]): Promise<LeftOf> => {
  const keys = new Set(products.flatMap(({ stockId }) => (stockId === null ? [] : [stockAvailableClaim(stockId)])));
  const counts = keys.size > 0 ? await log.claims([...keys]) : new Map<string, { count: number }>();
  return ({ stockId }) => (stockId === null ? null : (counts.get(stockAvailableClaim(stockId))?.count ?? 0));
};
