import { productStreamId } from "@cartwright/contracts/catalog-events";
import { ProductId } from "@cartwright/contracts/ids";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Catalog } from "./catalog.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

export type FeedInMemoryCatalogOptions = {
  readonly tailer: Pick<Tailer, "onEvents">;
  readonly catalog: Pick<Catalog, "products">;
  readonly table: { put(entries: readonly CatalogEntry[]): void };
  readonly logger: Logger;
};

/** Puts into the lists what happens to products. One that can't be read is read again with the next that is. What it answers ends it. */
export const feedInMemoryCatalog = ({ tailer, catalog, table, logger }: FeedInMemoryCatalogOptions): (() => void) => {
  const missed = new Set<ProductId>();

  const put = async (ids: readonly ProductId[]) => {
    try {
      table.put([...(await catalog.products(ids)).values()]);
    } catch (err) {
      for (const id of ids) missed.add(id);
      logger.warn({ err, products: ids.length }, "products could not be read, and are not in the lists yet");
    }
  };
  return tailer.onEvents((events) => {
    const ids = events.flatMap(({ streamId }) => (streamId.startsWith(prefix) ? [ProductId.parse(streamId.slice(prefix.length))] : []));
    if (ids.length === 0) return;
    const before = [...missed];
    missed.clear();
    void put([...before, ...ids]);
  });
};

// What the ids of these streams begin with; no product has the empty id.
const prefix = productStreamId("" as ProductId);
