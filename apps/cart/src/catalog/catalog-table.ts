import type { ProductId } from "@cartwright/contracts/ids";
import type { ProductData } from "@cartwright/contracts/product-data";
import type { CatalogEntry } from "./catalog-entry.ts";

export const catalogSorts = ["name", "price-asc", "price-desc", "newest"] as const;
export type CatalogSort = (typeof catalogSorts)[number];

export type CatalogQuery = {
  /** Words, each of which the product has one that begins so. */
  terms: readonly string[];
  category?: string;
  sort: CatalogSort;
  /** Only what can be bought in it. */
  currency: string;
  /** The page goes on behind this one. */
  after?: PageKey;
  limit: number;
};

/** A product's place in a sorted list: a folded name, minor units, or milliseconds since 1970, and the id where those are equal. */
export type PageKey = { key: string | number; id: string };

export type CatalogRow = PageKey & { product: ProductData; version: number };

/** The catalogue as the projection has it: a moment behind the log. */
export type CatalogTable = {
  /** At most `limit` products in order. */
  page(query: CatalogQuery): Promise<readonly CatalogRow[]>;
  /** The products as far as the table has them; one that it does not have is left out. */
  entries(ids: readonly ProductId[]): Promise<readonly CatalogEntry[]>;
  /** Whether every one of these products is there in this version or a newer one. */
  has(versions: ReadonlyMap<ProductId, number>): Promise<boolean>;
  /** Whether there has never been a product. */
  isEmpty(): Promise<boolean>;
};
