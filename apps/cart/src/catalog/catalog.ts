import { type CatalogEvent, productStreamId } from "@cartwright/contracts/catalog-events";
import type { Currency } from "@cartwright/contracts/currency";
import { ProductId } from "@cartwright/contracts/ids";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { Answer } from "../carts/answer.ts";
import type { CatalogEntry } from "./catalog-entry.ts";
import { type CatalogPage, catalogList, type ListRequest } from "./catalog-list.ts";
import type { CatalogTable } from "./catalog-table.ts";
import { type CatalogWrites, catalogWrites } from "./catalog-writes.ts";
import type { Listing } from "./listing.ts";
import { loadEntries } from "./load-entries.ts";
import { productCache } from "./product-cache.ts";

export type Catalog = CatalogWrites & {
  /**
   * Every product that is asked for, `absent` ones included, from memory where possible. Never older than what was
   * acknowledged in this process; what another process wrote is seen as soon as the tailer has.
   */
  products(ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, CatalogEntry>>;
  /** What is sold. A write is in it when its answer is there. */
  list(request: ListRequest): Promise<Answer<CatalogPage>>;
  /** Whether there has never been a product, as far as the lists know. */
  isEmpty(): Promise<boolean>;
  stop(): void;
};

export type CatalogDeps = {
  log: Pick<EventLog, "readStream" | "claims">;
  handler: Pick<CommandHandler<Listing, CatalogEvent>, "handle">;
  tailer: Pick<Tailer, "onEvents">;
  table: CatalogTable;
  defaultCurrency: Currency;
  now: () => Date;
  settleMs?: number;
};

export const catalog = (deps: CatalogDeps): Catalog => {
  const cache = productCache({ load: loadEntries(deps) });
  const stop = deps.tailer.onEvents((events) => {
    for (const { streamId, version } of events) {
      if (streamId.startsWith(prefix)) cache.reached(ProductId.parse(streamId.slice(prefix.length)), version);
    }
  });
  return { ...catalogWrites({ ...deps, cache }), products: cache.entries, list: catalogList(deps), isEmpty: deps.table.isEmpty, stop };
};

// What the ids of these streams begin with; no product has the empty id.
const prefix = productStreamId("" as ProductId);
