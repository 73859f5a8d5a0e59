import { expect, test } from "vitest";
import { queryOf, searchOf, wholeCatalogue } from "./catalogue-query.ts";

test.each([
  [wholeCatalogue, ""],
  [{ text: "gaming laptop", category: null, sort: "name" }, "?q=gaming+laptop"],
  [{ text: "", category: "Home office", sort: "price-asc" }, "?category=Home+office&sort=price-asc"],
  [{ text: "Ä&=?", category: "a/b", sort: "newest" }, "?q=%C3%84%26%3D%3F&category=a%2Fb&sort=newest"],
] as const)("%j stands in the address as '%s', and is read from there", (query, search) => {
  expect(searchOf(query)).toBe(search);
  expect(queryOf(search)).toEqual(query);
});

test("an address that somebody has played with shows what can be shown", () => {
  expect(queryOf("?sort=toString&category=&q=")).toEqual(wholeCatalogue);
  expect(queryOf(`?q=${"x".repeat(500)}`).text).toHaveLength(200);
});
