import { type CatalogueFault, parseCatalogue } from "./parse-catalogue.ts";

type Products = Extract<ReturnType<typeof parseCatalogue>, { ok: true }>["products"];

/** `catalog.putMany`, over HTTP or in process. */
export type PutMany = (products: Products) => Promise<readonly { changed: boolean }[]>;

export type CatalogueImport = { ok: true; products: number; changed: number } | { ok: false; faults: readonly CatalogueFault[] };

/**
 * Puts every product of a catalogue file. Nothing is sent of a file that has a fault. It may be run again at any time:
 * what is already so is left as it is, and what was not reached because of an error is done then.
 */
export const importCatalogue = async (document: unknown, putMany: PutMany): Promise<CatalogueImport> => {
  const parsed = parseCatalogue(document);
  if (!parsed.ok) return parsed;
  let changed = 0;
  for (const products of inPortions(parsed.products)) {
    changed += (await putMany(products)).filter((product) => product.changed).length;
  }
  return { ok: true, products: parsed.products.length, changed };
};

/** As many at once as a request may hold, with room to spare. */
function* inPortions(products: Products): Iterable<Products> {
  let portion: Products[number][] = [];
  let size = 0;
  for (const product of products) {
    const length = JSON.stringify(product).length;
    if (portion.length > 0 && (portion.length >= mostProducts || size + length > mostCharacters)) {
      yield portion;
      portion = [];
      size = 0;
    }
    portion.push(product);
    size += length;
  }
  if (portion.length > 0) yield portion;
}

const mostProducts = 250;
/** A character is at most three bytes of the megabyte that a body may have. */
const mostCharacters = 300_000;
