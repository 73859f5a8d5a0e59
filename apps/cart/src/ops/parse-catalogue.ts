import * as z from "zod";
import { ProductInput } from "../procedures/catalog-put.ts";

/** A fault of a catalogue file: of one of its rows (the first is 1), or of the file as a whole. */
export type CatalogueFault = { row: number | null; productId: string | null; path: string; message: string };

export type ParsedCatalogue =
  | { ok: true; products: readonly z.output<typeof ProductInput>[] }
  | { ok: false; faults: readonly CatalogueFault[] };

/** Reads `{ "products": [ … ] }`, each as `catalog.put` takes it. Every fault of every row is named, not the first alone. */
export const parseCatalogue = (document: unknown): ParsedCatalogue => {
  const file = z.strictObject({ products: z.array(z.unknown()).min(1) }).safeParse(document);
  if (!file.success) return { ok: false, faults: file.error.issues.map((issue) => faultOf(issue, null, null)) };

  const rows = file.data.products.map((value) => ProductInput.safeParse(value));
  const seen = new Set<string>();
  const faults = rows.flatMap((row, index): readonly CatalogueFault[] => {
    const productId = idIn(file.data.products[index]);
    if (!row.success) return row.error.issues.map((issue) => faultOf(issue, index + 1, productId));
    if (!seen.has(row.data.productId)) {
      seen.add(row.data.productId);
      return [];
    }
    return [{ row: index + 1, productId, path: "productId", message: "is in the file already" }];
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, products: rows.flatMap((row) => (row.success ? [row.data] : [])) };
};

const faultOf = ({ path, message }: z.core.$ZodIssue, row: number | null, productId: string | null): CatalogueFault => ({
  row,
  productId,
  path: path.join("."),
  message,
});

const idIn = (value: unknown): string | null => {
  const parsed = z.object({ productId: z.string() }).safeParse(value);
  return parsed.success ? parsed.data.productId : null;
};
