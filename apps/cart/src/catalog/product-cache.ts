import type { ProductId } from "@cartwright/contracts/ids";
import { LRUCache } from "lru-cache";
import type { CatalogEntry } from "./catalog-entry.ts";

export type ProductCache = {
  /** From memory, or from `load`: ids that are asked for in the same turn of the event loop come in one call of it. */
  entries(ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, CatalogEntry>>;
  /** The product's stream has reached this version: nothing older is answered from now on. */
  reached(productId: ProductId, version: number): void;
};

export type ProductCacheOptions = {
  /** One entry for each id, as the log has it at the time of the call. */
  load: (ids: readonly ProductId[]) => Promise<readonly CatalogEntry[]>;
  products?: number;
  /** Ids of no product have a memory of their own, so that a flood of them displaces no product. */
  unknownIds?: number;
};

/** A change was announced that the log does not show. */
export class CatalogBehind extends Error {
  override readonly name = "CatalogBehind";
  readonly retryable = true;
}

/** Bounded, and kept fresh by whoever sees the log: see `reached`. */
export const productCache = ({ load, products = 50_000, unknownIds = 5_000 }: ProductCacheOptions): ProductCache => {
  const known = new LRUCache<ProductId, CatalogEntry>({ max: products });
  const unknown = new LRUCache<ProductId, CatalogEntry>({ max: unknownIds });
  const loading = new Map<ProductId, Promise<CatalogEntry>>();
  /** Versions that were heard of while the product was being loaded. */
  const heard = new Map<ProductId, number>();
  let together: { ids: ProductId[]; entries: Promise<ReadonlyMap<ProductId, CatalogEntry>> } | undefined;

  const loadTogether = (productId: ProductId) => {
    if (!together) {
      const ids: ProductId[] = [];
      const entries = Promise.resolve().then(async () => {
        together = undefined;
        return new Map((await load(ids)).map((entry) => [entry.productId, entry]));
      });
      together = { ids, entries };
    }
    together.ids.push(productId);
    return together.entries;
  };

  const loadFresh = async (productId: ProductId): Promise<CatalogEntry> => {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const entry = (await loadTogether(productId)).get(productId);
      // What was read may have been read before a change that has been heard of since.
      if (!entry || entry.version < (heard.get(productId) ?? 0)) continue;
      (entry.version === 0 ? unknown : known).set(productId, entry);
      return entry;
    }
    throw new CatalogBehind(`${productId} is at version ${heard.get(productId)}, which can't be read`);
  };

  const entryOf = (productId: ProductId): CatalogEntry | Promise<CatalogEntry> => {
    const cached = known.get(productId) ?? unknown.get(productId) ?? loading.get(productId);
    if (cached) return cached;
    const entry = loadFresh(productId).finally(() => {
      loading.delete(productId);
      heard.delete(productId);
    });
    loading.set(productId, entry);
    return entry;
  };

  return {
    async entries(ids) {
      const entries = await Promise.all(new Set(ids).values().map(entryOf));
      return new Map(entries.map((entry) => [entry.productId, entry]));
    },
    reached(productId, version) {
      if (loading.has(productId)) heard.set(productId, Math.max(version, heard.get(productId) ?? 0));
      unknown.delete(productId);
      if ((known.peek(productId)?.version ?? version) < version) known.delete(productId);
    },
  };
};

const attempts = 5;
