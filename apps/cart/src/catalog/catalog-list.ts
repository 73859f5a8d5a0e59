import type { Currency } from "@cartwright/contracts/currency";
import { ProductId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import type { ProductData } from "@cartwright/contracts/product-data";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Answer } from "../carts/answer.ts";
import { decodeCursor, encodeCursor } from "./catalog-cursor.ts";
import type { CatalogRow, CatalogSort, CatalogTable } from "./catalog-table.ts";
import { type LeftOf, leftOf } from "./left-of.ts";
import { searchTerms } from "./search-terms.ts";

export type ListRequest = {
  query?: string | undefined;
  category?: string | undefined;
  sort: CatalogSort;
  /** `DEFAULT_CURRENCY` where absent. */
  currency?: Currency | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** A product as it is sold in one currency. */
export type CatalogItem = ProductData & {
  productId: ProductId;
  version: number;
  price: Money;
  /** Pieces that can be bought now; null where nobody counts. */
  left: number | null;
};
export type CatalogPage = { items: readonly CatalogItem[]; nextCursor: string | null };

export type CatalogListDeps = { table: Pick<CatalogTable, "page">; log: Pick<EventLog, "claims">; defaultCurrency: Currency };

/** What is sold in a currency, page by page. */
export const catalogList =
  ({ table, log, defaultCurrency }: CatalogListDeps) =>
  async ({ query = "", category, sort, currency = defaultCurrency, cursor, limit }: ListRequest): Promise<Answer<CatalogPage>> => {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, { sort, currency });
    if (cursor !== undefined && !after) return { ok: false, refusal: { code: "InvalidInput" } };

    const rows = await table.page({
      terms: searchTerms(query, maxTerms),
      sort,
      currency,
      // One more than asked for says whether there is a next page.
      limit: limit + 1,
      ...(category !== undefined && { category }),
      ...(after && { after }),
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    const nextCursor = last ? encodeCursor({ sort, currency, key: last.key, id: last.id }) : null;
    const left = await leftOf(
      log,
      shown.map(({ product }) => product),
    );
    return { ok: true, value: { items: shown.flatMap((row) => itemOf(row, currency, left)), nextCursor } };
  };

/** More words than anybody types. */
const maxTerms = 16;

const itemOf = ({ id, version, product }: CatalogRow, currency: Currency, left: LeftOf): readonly CatalogItem[] => {
  const price = product.prices.find((offered) => offered.currency === currency);
  return price ? [{ ...product, productId: ProductId.parse(id), version, price, left: left(product) }] : [];
};
