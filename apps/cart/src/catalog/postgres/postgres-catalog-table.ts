import type { ProductId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { ProductData } from "@cartwright/contracts/product-data";
import type { SqlClient } from "@cartwright/messaging/postgres/sql-client";
import type postgres from "postgres";
import type { CatalogEntry } from "../catalog-entry.ts";
import type { CatalogQuery, CatalogRow, CatalogSort, CatalogTable, PageKey } from "../catalog-table.ts";

type EntryRow = { productId: ProductId; version: number; product: ProductData; retired: boolean; listedAt: Date };
type PageRow = { id: string; key: string; version: number; product: ProductData };

/** The tables `catalog_product` and `catalog_price` of `schema`, kept by `applyToCatalog`. */
export const postgresCatalogTable = (sql: SqlClient, schema: string): CatalogTable => {
  const product = sql(`${schema}.catalog_product`);
  const price = sql(`${schema}.catalog_price`);
  const sortings: Record<CatalogSort, Sorting> = {
    name: {
      key: sql`p.sort_name`,
      order: sql`p.sort_name, p.product_id`,
      behind: ({ key, id }) => sql`(p.sort_name, p.product_id) > (${key}, ${id})`,
    },
    newest: {
      key: sql`extract(epoch from p.listed_at) * 1000`,
      order: sql`p.listed_at desc, p.product_id desc`,
      behind: ({ key, id }) => sql`(p.listed_at, p.product_id) < (${new Date(Number(key))}, ${id})`,
    },
    "price-asc": {
      key: sql`c.amount_minor`,
      order: sql`c.amount_minor, c.product_id`,
      behind: ({ key, id }) => sql`(c.amount_minor, c.product_id) > (${key}, ${id})`,
    },
    "price-desc": {
      key: sql`c.amount_minor`,
      order: sql`c.amount_minor desc, c.product_id desc`,
      behind: ({ key, id }) => sql`(c.amount_minor, c.product_id) < (${key}, ${id})`,
    },
  };

  return {
    async page({ terms, category, sort, currency, after, limit }: CatalogQuery): Promise<readonly CatalogRow[]> {
      const { key, order, behind } = sortings[sort];
      const rows = await sql<PageRow[]>`
        select p.product_id as id, (${key})::text as key, p.version, p.product
        from ${product} p join ${price} c on c.product_id = p.product_id and c.currency = ${currency}
        where not p.retired
          ${category === undefined ? sql`` : sql`and p.category = ${category}`}
          ${terms.length === 0 ? sql`` : sql`and p.terms @@ ${prefixQuery(terms)}::tsquery`}
          ${after ? sql`and ${behind(after)}` : sql``}
        order by ${order} limit ${limit}`;
      return rows.map((row) => ({ ...row, key: sort === "name" ? row.key : Number(row.key) }));
    },

    async entries(ids) {
      const rows = await sql<EntryRow[]>`
        select product_id as "productId", version, product, retired, listed_at as "listedAt"
        from ${product} where product_id = any(${[...ids]})`;
      return rows.map(entryOf);
    },

    async has(versions) {
      const [missing] = await sql`
        select from unnest(${[...versions.keys()]}::text[], ${[...versions.values()]}::integer[]) as asked(product_id, version)
        where not exists (select from ${product} p where p.product_id = asked.product_id and p.version >= asked.version) limit 1`;
      return missing === undefined;
    },

    async isEmpty() {
      const [any] = await sql`select from ${product} limit 1`;
      return any === undefined;
    },
  };
};

type Sorting = {
  key: postgres.PendingQuery<postgres.Row[]>;
  order: postgres.PendingQuery<postgres.Row[]>;
  behind: (after: PageKey) => postgres.PendingQuery<postgres.Row[]>;
};

/** Terms are letters and digits alone, so nothing in them has a meaning to PostgreSQL. */
const prefixQuery = (terms: readonly string[]) => terms.map((term) => `'${term}':*`).join(" & ");

const entryOf = ({ productId, version, product, retired, listedAt }: EntryRow): CatalogEntry => ({
  productId,
  version,
  // What was written before there was stock says nothing of it.
  listing: {
    status: retired ? "retired" : "listed",
    product: { ...product, stockId: product.stockId ?? null },
    listedAt: instantOf(listedAt),
  },
});
