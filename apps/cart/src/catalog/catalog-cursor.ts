import { base64url } from "jose";
import * as z from "zod";
import { type CatalogSort, catalogSorts } from "./catalog-table.ts";

/**
 * Where a page ended: the sort key and the id of its last product. What is put or retired between two pages neither
 * repeats nor hides another product, which counting rows would.
 */
export type CatalogCursor = z.infer<typeof CatalogCursor>;
const CatalogCursor = z.strictObject({
  sort: z.enum(catalogSorts),
  currency: z.string().max(3),
  key: z.union([z.string().max(1_000), z.number()]),
  id: z.string().max(200),
});

/** Opaque to the client. */
export const encodeCursor = (cursor: CatalogCursor): string => base64url.encode(new TextEncoder().encode(JSON.stringify(cursor)));

/** Undefined for what is no cursor of this list: the sort and the currency belong to it. */
export const decodeCursor = (text: string, list: { sort: CatalogSort; currency: string }): CatalogCursor | undefined => {
  const cursor = parse(text);
  return cursor && cursor.sort === list.sort && cursor.currency === list.currency && typeof cursor.key === keyTypes[list.sort]
    ? cursor
    : undefined;
};

const keyTypes: Record<CatalogSort, "string" | "number"> = {
  name: "string",
  newest: "number",
  "price-asc": "number",
  "price-desc": "number",
};

const parse = (text: string): CatalogCursor | undefined => {
  try {
    return CatalogCursor.safeParse(JSON.parse(new TextDecoder().decode(base64url.decode(text)))).data;
  } catch {
    return undefined;
  }
};
