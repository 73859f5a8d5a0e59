import { productStreamId } from "@cartwright/contracts/catalog-events";
import type { ProductId } from "@cartwright/contracts/ids";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { CatalogEntry } from "./catalog-entry.ts";
import { catalogModel } from "./catalog-model.ts";
import type { CatalogTable } from "./catalog-table.ts";
import { absent, type Listing } from "./listing.ts";

export type LoadEntriesDeps = { table: Pick<CatalogTable, "entries">; log: Pick<EventLog, "readStream"> };

/** The products as the log has them: what the table knows already, and from the log what came after. */
export const loadEntries =
  ({ table, log }: LoadEntriesDeps) =>
  async (ids: readonly ProductId[]): Promise<readonly CatalogEntry[]> => {
    const known = new Map((await table.entries(ids)).map((entry) => [entry.productId, entry]));
    return Promise.all(
      ids.map(async (productId): Promise<CatalogEntry> => {
        const before = known.get(productId) ?? { productId, version: 0, listing: absent };
        const events = await log.readStream(productStreamId(productId), { after: before.version });
        const listing = events.reduce<Listing>((state, event) => catalogModel.evolve(state, catalogModel.decode(event)), before.listing);
        return { productId, version: events.at(-1)?.version ?? before.version, listing };
      }),
    );
  };
