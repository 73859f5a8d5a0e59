import type { CatalogEvent } from "@cartwright/contracts/catalog-events";
import type { ProductId } from "@cartwright/contracts/ids";
import type { BatchHandler, Handlers, Received } from "@cartwright/messaging/handlers";
import type { TableTools } from "@cartwright/messaging/table-sink";
import type { CatalogEntry } from "./catalog-entry.ts";
import { absent, evolveListing } from "./listing.ts";
import { applyToCatalog } from "./postgres/apply-to-catalog.ts";
import { postgresCatalogTable } from "./postgres/postgres-catalog-table.ts";

/** Keeps the catalogue's tables, whole batches at a time. For a consumer of the cart's log with a table sink in `schema`. */
export const catalogHandlers = (schema: string): Handlers<CatalogEvent, TableTools, void> => {
  const keep: BatchHandler<CatalogEvent, TableTools, void> = {
    async batch(received, { tx }) {
      const ids = [...new Set(received.map(({ event }) => event.data.productId))];
      const before = await postgresCatalogTable(tx, schema).entries(ids);
      await applyToCatalog(tx, schema, entriesAfter(before, received));
    },
  };
  return { ProductListed: keep, ProductRevised: keep, ProductRetired: keep };
};

/** The entries that `received` changes, as they are after it; an event that an entry has seen already changes nothing. */
const entriesAfter = (before: readonly CatalogEntry[], received: readonly Received<CatalogEvent>[]): readonly CatalogEntry[] => {
  const entries = new Map<ProductId, CatalogEntry>(before.map((entry) => [entry.productId, entry]));
  for (const { event, recorded } of received) {
    const { productId } = event.data;
    const entry = entries.get(productId) ?? { productId, version: 0, listing: absent };
    if (recorded.version <= entry.version) continue;
    entries.set(productId, { productId, version: recorded.version, listing: evolveListing(entry.listing, event) });
  }
  return [...entries.values()];
};
