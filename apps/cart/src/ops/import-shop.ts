import * as z from "zod";
import { CouponInput } from "../procedures/coupon-put.ts";
import { ShippingMethodInput } from "../procedures/shipping-method-put.ts";
import { StockCount } from "../procedures/stock-set.ts";
import { TaxRateInput } from "../procedures/tax-rate-put.ts";

/** What a shop keeps beside its catalogue, as a file: each section may be left out. */
const sections = {
  coupons: { item: CouponInput, id: "code" },
  shippingMethods: { item: ShippingMethodInput, id: "shippingMethodId" },
  taxRates: { item: TaxRateInput, id: "taxRateId" },
  stocks: { item: StockCount, id: "stockId" },
} as const;

export type ShopSection = keyof typeof sections;
type Items = { readonly [Section in ShopSection]: readonly z.output<(typeof sections)[Section]["item"]>[] };

/** A fault of such a file: of one of a section's rows (the first is 1), or of the file as a whole. */
export type ShopFault = {
  readonly section: ShopSection | null;
  readonly row: number | null;
  readonly path: string;
  readonly message: string;
};

export type ShopImport =
  | { readonly ok: true; readonly rows: Readonly<Record<ShopSection, number>> }
  | { readonly ok: false; readonly faults: readonly ShopFault[] };

/** `coupon.putMany` and its like, over HTTP or in process. */
export type PutSections = { readonly [Section in ShopSection]: (rows: Items[Section]) => Promise<unknown> };

/**
 * Puts everything of a file. Nothing is sent of a file that has a fault. It may be run again at any time: what is already so is left as it
 * is, and what was not reached because of an error is done then.
 */
export const importShop = async (document: unknown, put: PutSections): Promise<ShopImport> => {
  const file = File.safeParse(document);
  if (!file.success) return { ok: false, faults: file.error.issues.map((issue) => faultOf(issue, null, null)) };
  const faults: ShopFault[] = [];
  const rowsOf = <Section extends ShopSection>(section: Section): Items[Section] => {
    const seen = new Set<string>();
    const { item, id } = sections[section];
    const rows = (file.data[section] ?? []).flatMap((value, index) => {
      const row = item.safeParse(value);
      if (!row.success) faults.push(...row.error.issues.map((issue) => faultOf(issue, section, index + 1)));
      const named = row.success ? String((row.data as Record<string, unknown>)[id]) : "";
      if (row.success && seen.has(named)) faults.push({ section, row: index + 1, path: id, message: "is in the file already" });
      seen.add(named);
      return row.success ? [row.data] : [];
    });
    // Each section's rows are parsed by its own schema.
    return rows as unknown as Items[Section];
  };
  const [coupons, shippingMethods, taxRates, stocks] = [rowsOf("coupons"), rowsOf("shippingMethods"), rowsOf("taxRates"), rowsOf("stocks")];
  if (faults.length > 0) return { ok: false, faults };

  for (const rows of inPortions(taxRates)) await put.taxRates(rows);
  for (const rows of inPortions(shippingMethods)) await put.shippingMethods(rows);
  for (const rows of inPortions(coupons)) await put.coupons(rows);
  for (const rows of inPortions(stocks)) await put.stocks(rows);
  const rows = { coupons: coupons.length, shippingMethods: shippingMethods.length, taxRates: taxRates.length, stocks: stocks.length };
  return { ok: true, rows };
};

const rows = z.array(z.unknown()).optional();
const File = z.strictObject({ coupons: rows, shippingMethods: rows, taxRates: rows, stocks: rows });

const faultOf = ({ path, message }: z.core.$ZodIssue, section: ShopSection | null, row: number | null): ShopFault => ({
  section,
  row,
  path: path.join("."),
  message,
});

/** As many at once as a request may hold, with room to spare. */
function* inPortions<Row>(all: readonly Row[]): Iterable<readonly Row[]> {
  for (let first = 0; first < all.length; first += mostRows) yield all.slice(first, first + mostRows);
}
const mostRows = 250;
