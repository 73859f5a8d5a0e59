import { CorrelationId, SubjectId } from "@cartwright/contracts/ids";
import type { Caller } from "../carts/caller.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { unwrap } from "../refusals.ts";
import { type CatalogueImport, importCatalogue } from "./import-catalogue.ts";
import { parseCatalogue } from "./parse-catalogue.ts";

/**
 * Puts a catalogue file's content, as `ops catalog import` does, where there has never been a product. Answers null where
 * there was one: the catalogue is somebody's by now.
 */
export const loadDemonstrationCatalogue = async (
  catalog: Pick<Catalog, "isEmpty" | "putMany">,
  document: unknown,
): Promise<CatalogueImport | null> => {
  if (!(await catalog.isEmpty())) return null;
  return importCatalogue(document, async (products) => {
    const commands = products.map(({ productId, ...product }) => ({ productId, product }));
    return (await catalog.putMany(starter, commands)).map(unwrap);
  });
};

/** Whether the shop sells something of that catalogue: else it is somebody's own, and what goes with the demonstration is none of its business. */
export const isDemonstration = async (catalog: Pick<Catalog, "products">, document: unknown): Promise<boolean> => {
  const parsed = parseCatalogue(document);
  if (!parsed.ok) return false;
  const entries = await catalog.products(parsed.products.map(({ productId }) => productId));
  return entries.values().some(({ listing }) => listing.status === "listed");
};

/** Who fills an empty shop for a first look. */
export const starter: Caller = {
  subject: SubjectId.parse("service-demonstration"),
  kind: "service",
  scopes: new Set(["catalog:write"]),
  correlationId: CorrelationId.parse("demonstration"),
};
