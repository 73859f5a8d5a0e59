import type { ProductData } from "@cartwright/contracts/product-data";
import type { JsonObject } from "@cartwright/event-log/event-log";
import type { SqlClient } from "@cartwright/messaging/postgres/sql-client";
import type { CatalogEntry } from "../catalog-entry.ts";
import { foldText, searchedText, searchTerms } from "../search-terms.ts";

/**
 * Brings the tables to what `entries` say, in three statements however many they are. An entry that is no newer than what
 * the table has changes nothing.
 */
export const applyToCatalog = async (tx: SqlClient, schema: string, entries: readonly CatalogEntry[]): Promise<void> => {
  const rows = entries.flatMap(rowOf);
  if (rows.length === 0) return;
  const product = tx(`${schema}.catalog_product`);
  const price = tx(`${schema}.catalog_price`);
  const ids = rows.map(({ product_id }) => product_id);

  await tx`
    insert into ${product} as p (product_id, version, product, retired, category, sort_name, listed_at, terms)
    select product_id, version, product, retired, category, sort_name, listed_at, array_to_tsvector(terms)
    from jsonb_to_recordset(${tx.json(rows)}) as r(product_id text, version integer, product jsonb, retired boolean,
      category text, sort_name text, listed_at timestamptz, terms text[])
    on conflict (product_id) do update set
      version = excluded.version, product = excluded.product, retired = excluded.retired, category = excluded.category,
      sort_name = excluded.sort_name, listed_at = excluded.listed_at, terms = excluded.terms
    where excluded.version > p.version`;
  await tx`delete from ${price} where product_id = any(${ids})`;
  await tx`
    insert into ${price} (product_id, currency, amount_minor)
    select p.product_id, c.currency, c."amountMinor"
    from ${product} p, jsonb_to_recordset(p.product->'prices') as c(currency text, "amountMinor" bigint)
    where p.product_id = any(${ids})`;
};

const rowOf = ({ productId, version, listing }: CatalogEntry) => {
  if (listing.status === "absent") return [];
  const { product, listedAt, status } = listing;
  return [
    {
      product_id: productId,
      version,
      // A product is plain JSON, which its type doesn't say.
      product: product as ProductData & JsonObject,
      retired: status === "retired",
      category: product.category,
      sort_name: foldText(product.name),
      listed_at: listedAt,
      terms: searchTerms(searchedText(product)),
    },
  ];
};
