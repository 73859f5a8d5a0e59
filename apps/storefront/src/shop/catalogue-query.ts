/** What the shopper looks for; it stands in the page's address, so that it can be linked to and gone back to. */
export type CatalogueQuery = { readonly text: string; readonly category: string | null; readonly sort: CatalogueSort };

/** The orders that the catalogue comes in, and what they are called. */
export const catalogueSorts = {
  name: "By name",
  "price-asc": "By price, lowest first",
  "price-desc": "By price, highest first",
  newest: "Newest first",
} as const;
export type CatalogueSort = keyof typeof catalogueSorts;

export const wholeCatalogue: CatalogueQuery = { text: "", category: null, sort: "name" };

export const queryOf = (search: string): CatalogueQuery => {
  const params = new URLSearchParams(search);
  const sort = params.get("sort") ?? "";
  return {
    text: (params.get("q") ?? "").slice(0, MAX_TEXT),
    category: params.get("category") || null,
    sort: isSort(sort) ? sort : wholeCatalogue.sort,
  };
};

/** With its question mark; empty for the whole catalogue. */
export const searchOf = ({ text, category, sort }: CatalogueQuery): string => {
  const params = new URLSearchParams();
  if (text.trim() !== "") params.set("q", text);
  if (category !== null) params.set("category", category);
  if (sort !== wholeCatalogue.sort) params.set("sort", sort);
  return params.size === 0 ? "" : `?${params}`;
};

const isSort = (text: string): text is CatalogueSort => Object.hasOwn(catalogueSorts, text);

/** That the service takes. */
const MAX_TEXT = 200;
