import type { ProductId } from "@cartwright/contracts/ids";
import type { CatalogEntry } from "./catalog-entry.ts";
import type { CatalogQuery, CatalogRow, CatalogSort, CatalogTable } from "./catalog-table.ts";
import { foldText, searchedText, searchTerms } from "./search-terms.ts";

/** For tests, and where there is no PostgreSQL. */
export const inMemoryCatalogTable = (): CatalogTable & { put(entries: readonly CatalogEntry[]): void } => {
  const products = new Map<ProductId, CatalogEntry>();

  return {
    put(entries) {
      for (const entry of entries) {
        if (entry.version > (products.get(entry.productId)?.version ?? 0)) products.set(entry.productId, entry);
      }
    },
    async entries(ids) {
      return ids.flatMap((id) => products.get(id) ?? []);
    },
    async has(versions) {
      return versions.entries().every(([id, version]) => (products.get(id)?.version ?? 0) >= version);
    },
    async isEmpty() {
      return products.size === 0;
    },
    async page(query) {
      const { compare, key } = sortings[query.sort];
      const rows = products.values().flatMap((entry) => rowOf(entry, query, key));
      return [...rows]
        .toSorted(compare)
        .filter((row) => !query.after || compare(row, query.after) > 0)
        .slice(0, query.limit);
    },
  };
};

type Place = Pick<CatalogRow, "key" | "id">;
type Listed = Extract<CatalogEntry["listing"], { status: "listed" }>;
type Sorting = { key: (listed: Listed, currency: string) => string | number; compare: (left: Place, right: Place) => number };

const rowOf = (entry: CatalogEntry, query: CatalogQuery, key: Sorting["key"]): readonly CatalogRow[] => {
  const { productId, version, listing } = entry;
  if (listing.status !== "listed") return [];
  const { product } = listing;
  if (query.category !== undefined && query.category !== product.category) return [];
  if (!product.prices.some(({ currency }) => currency === query.currency)) return [];
  const words = searchTerms(searchedText(product));
  if (!query.terms.every((term) => words.some((word) => word.startsWith(term)))) return [];
  return [{ id: productId, key: key(listing, query.currency), version, product }];
};

const upwards = (left: Place, right: Place) => order(left.key, right.key) || order(left.id, right.id);
const downwards = (left: Place, right: Place) => upwards(right, left);
const order = (left: string | number, right: string | number) => (left < right ? -1 : left > right ? 1 : 0);
const priceIn = ({ product }: Listed, currency: string) => product.prices.find((price) => price.currency === currency)?.amountMinor ?? 0;

const sortings: Record<CatalogSort, Sorting> = {
  name: { key: ({ product }) => foldText(product.name), compare: upwards },
  newest: { key: ({ listedAt }) => Date.parse(listedAt), compare: downwards },
  "price-asc": { key: priceIn, compare: upwards },
  "price-desc": { key: priceIn, compare: downwards },
};
