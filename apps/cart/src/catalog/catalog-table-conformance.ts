import { ProductId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { ProductData } from "@cartwright/contracts/product-data";
import { describe, expect, test } from "vitest";
import type { CatalogEntry } from "./catalog-entry.ts";
import type { CatalogQuery, CatalogTable, PageKey } from "./catalog-table.ts";
import { searchTerms } from "./search-terms.ts";

export type CatalogTableUnderTest = AsyncDisposable & {
  table: CatalogTable;
  /** As the projection does. */
  apply(entries: readonly CatalogEntry[]): Promise<void>;
};

/** What every catalogue table promises. `open` makes an empty one. */
export const catalogTableConformance = (name: string, open: () => Promise<CatalogTableUnderTest>) => {
  describe(`a catalogue table: ${name}`, () => {
    test.each<[CatalogQuery["sort"], string[]]>([
      ["name", ["Ada", "Écran", "Edsger", "grace"]],
      ["price-asc", ["grace", "Ada", "Écran", "Edsger"]],
      ["price-desc", ["Edsger", "Écran", "Ada", "grace"]],
      ["newest", ["Écran", "Edsger", "grace", "Ada"]],
    ])("sorts by %s", async (sort, names) => {
      await using opened = await open();
      await opened.apply([
        entry({ name: "grace", eur: 100, day: 2 }),
        entry({ name: "Ada", eur: 200, day: 1 }),
        entry({ name: "Edsger", eur: 300, day: 3, id: "z" }),
        entry({ name: "Écran", eur: 300, day: 4, id: "a" }),
      ]);
      expect(await namesOn(opened.table, { sort })).toEqual(names);
    });

    test("knows whether there ever was a product", async () => {
      await using opened = await open();
      expect(await opened.table.isEmpty()).toBe(true);
      await opened.apply([entry({ name: "gone", status: "retired" })]);
      expect(await opened.table.isEmpty()).toBe(false);
    });

    test("shows what is sold, in the currency that is asked for", async () => {
      await using opened = await open();
      await opened.apply([
        entry({ name: "both", eur: 100, jpy: 900 }),
        entry({ name: "euro", eur: 100 }),
        entry({ name: "gone", eur: 100, status: "retired" }),
      ]);
      expect(await namesOn(opened.table, { currency: "EUR" })).toEqual(["both", "euro"]);
      expect(await namesOn(opened.table, { currency: "JPY" })).toEqual(["both"]);
      expect(await namesOn(opened.table, { currency: "KWD" })).toEqual([]);
    });

    test.each<[string, string[]]>([
      ["lap", ["Gaming Laptop", "Laptop Sleeve"]],
      ["LAP gam", ["Gaming Laptop"]],
      ["ecran", ["Écran 27"]],
      ["computers", ["Gaming Laptop", "Écran 27"]],
      ["northwind", ["Gaming Laptop"]],
      ["felt", ["Laptop Sleeve"]],
      ["aptop", []],
      ["%", ["Gaming Laptop", "Laptop Sleeve", "Écran 27"]],
      ["'); drop table", []],
    ])("finds %j by the beginnings of words", async (query, names) => {
      await using opened = await open();
      await opened.apply([
        entry({ name: "Gaming Laptop", category: "Computers", tags: ["Northwind"] }),
        entry({ name: "Laptop Sleeve", category: null, description: "Grey felt." }),
        entry({ name: "Écran 27", category: "Computers" }),
      ]);
      expect((await namesOn(opened.table, { terms: searchTerms(query) })).toSorted()).toEqual(names);
    });

    test("keeps to a category", async () => {
      await using opened = await open();
      await opened.apply([
        entry({ name: "one", category: "Audio" }),
        entry({ name: "two", category: "Computers" }),
        entry({ name: "three", category: null }),
      ]);
      expect(await namesOn(opened.table, { category: "Audio" })).toEqual(["one"]);
    });

    test.each<CatalogQuery["sort"]>(["name", "price-asc", "price-desc", "newest"])(
      "pages by %s neither repeat nor leave out what was there all the time",
      async (sort) => {
        await using opened = await open();
        const there = Array.from({ length: 40 }, (_, index) =>
          entry({ name: `there ${index % 7}`, eur: 1 + (index % 5), day: 1 + (index % 3), id: `there-${index}` }),
        );
        await opened.apply(there);
        const seen: string[] = [];
        let after: PageKey | undefined;
        for (let page = 0; ; page++) {
          const rows = await opened.table.page({ ...everything, sort, limit: 7, ...(after && { after }) });
          seen.push(...rows.map(({ id }) => id));
          if (rows.length < 7) break;
          after = rows.at(-1);
          await opened.apply(
            [0, 1, 2].map((index) => entry({ name: `there ${index}`, eur: 1 + index, day: 1 + index, id: `new-${page}-${index}` })),
          );
          await opened.apply([entry({ name: "gone", id: `new-${page}-0`, status: "retired", version: 2 })]);
        }
        expect(seen.filter((id) => id.startsWith("there")).toSorted()).toEqual(
          there.map(({ productId }) => productId as string).toSorted(),
        );
        expect(new Set(seen).size).toBe(seen.length);
      },
    );

    test("has the newest version of a product, in whatever order versions come", async () => {
      await using opened = await open();
      await opened.apply([entry({ name: "third", id: "x", version: 3, eur: 30 })]);
      await opened.apply([entry({ name: "second", id: "x", version: 2, jpy: 20 })]);
      const x = ProductId.parse("x");
      expect(await opened.table.entries([x, ProductId.parse("nobody")])).toEqual([entry({ name: "third", id: "x", version: 3, eur: 30 })]);
      expect(await namesOn(opened.table, {})).toEqual(["third"]);
      expect(await namesOn(opened.table, { currency: "JPY" })).toEqual([]);
      expect(await opened.table.has(new Map([[x, 3]]))).toBe(true);
      expect(await opened.table.has(new Map([[x, 4]]))).toBe(false);
      expect(
        await opened.table.has(
          new Map([
            [x, 3],
            [ProductId.parse("nobody"), 1],
          ]),
        ),
      ).toBe(false);
      expect(await opened.table.has(new Map())).toBe(true);
    });

    test("forgets the price in a currency that a product is no longer offered in", async () => {
      await using opened = await open();
      await opened.apply([entry({ name: "x", eur: 1, jpy: 1 })]);
      await opened.apply([entry({ name: "x", jpy: 2, version: 2 })]);
      expect(await namesOn(opened.table, { currency: "EUR" })).toEqual([]);
      expect((await opened.table.page({ ...everything, currency: "JPY", sort: "price-asc" })).map(({ key }) => key)).toEqual([2]);
    });
  });
};

const everything: CatalogQuery = { terms: [], sort: "name", currency: "EUR", limit: 100 };

const namesOn = async (table: CatalogTable, query: Partial<CatalogQuery>) =>
  (await table.page({ ...everything, ...query })).map(({ product }) => product.name);

type Sample = {
  name: string;
  id?: string;
  eur?: number;
  jpy?: number;
  day?: number;
  version?: number;
  status?: "listed" | "retired";
} & Partial<Pick<ProductData, "category" | "tags" | "description">>;

const entry = ({ name, id, eur, jpy, day = 1, version = 1, status = "listed", ...texts }: Sample): CatalogEntry => ({
  productId: ProductId.parse(id ?? searchTerms(name).join("-")),
  version,
  listing: {
    status,
    listedAt: Instant.parse(`2026-01-0${day}T00:00:00.000Z`),
    product: ProductData.parse({
      name,
      description: "",
      category: null,
      stockId: null,
      image: null,
      tags: [],
      ...texts,
      prices: [
        ...(eur !== undefined || jpy === undefined ? [{ amountMinor: eur ?? 100, currency: "EUR" }] : []),
        ...(jpy !== undefined ? [{ amountMinor: jpy, currency: "JPY" }] : []),
      ],
    }),
  },
});
