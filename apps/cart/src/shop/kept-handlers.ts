import type { ShopEvent } from "@cartwright/contracts/shop-events";
import type { BatchHandler, Handlers } from "@cartwright/messaging/handlers";
import type { TableTools } from "@cartwright/messaging/table-sink";
import { keptIdsIn, keptRowsAfter } from "./kept-rows-after.ts";
import { applyToKept, postgresKeptTable } from "./postgres/postgres-kept-table.ts";

/** Keeps the table of what the shop keeps, whole batches at a time. For a consumer of the cart's log with a table sink in `schema`. */
export const keptHandlers = (schema: string): Handlers<ShopEvent, TableTools, void> => {
  const keep: BatchHandler<ShopEvent, TableTools, void> = {
    async batch(received, { tx }) {
      const table = postgresKeptTable(tx, schema);
      const before = await Promise.all([...keptIdsIn(received.map(({ event }) => event))].map(([kind, ids]) => table.get(kind, ids)));
      const events = received.map(({ event, recorded }) => ({ event, version: recorded.version }));
      await applyToKept(tx, schema, keptRowsAfter(before.flat(), events));
    },
  };
  return {
    ...{ CouponPut: keep, CouponRetired: keep, ShippingMethodPut: keep, ShippingMethodRetired: keep },
    ...{ TaxRatePut: keep, TaxRateRetired: keep },
  };
};
