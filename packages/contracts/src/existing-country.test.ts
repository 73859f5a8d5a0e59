import { expect, test } from "vitest";
import { ExistingCountry } from "./existing-country.ts";
import { Country } from "./pricing-shapes.ts";

const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const pairs = letters.flatMap((one) => letters.map((other) => one + other));

test("there are 249 countries, and the runtime has a name for each", () => {
  const existing = pairs.filter((code) => ExistingCountry.safeParse(code).success);
  expect(existing).toHaveLength(249);
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  expect(existing.filter((code) => names.of(code) === undefined)).toEqual([]);
  expect(existing).toEqual(expect.arrayContaining(["VN", "DE", "US", "GB", "JP", "FR", "SS", "CW", "AX"]));
});

test.each(["ZZ", "XX", "AA", "EU", "UK", "XK", "SU", "AN", "DD", "vn", "VNM", "V", ""])("%j is none", (code) => {
  const messages = ExistingCountry.safeParse(code).error?.issues.map(({ message }) => message);
  expect(messages).toEqual(["must be a country of ISO 3166-1 by its two letters, such as VN"]);
});

test("what was stored of a country that is none, or is none any more, can still be read", () => {
  expect(Country.parse("ZZ")).toBe("ZZ" as Country);
});
