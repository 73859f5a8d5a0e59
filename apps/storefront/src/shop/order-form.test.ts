import { Country, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { expect, test } from "vitest";
import { countriesOf, methodsTo, type ShippingMethod } from "./order-form.ts";

const [gb, de, jp] = [Country.parse("GB"), Country.parse("DE"), Country.parse("JP")];
const method = (name: string, parts: Partial<ShippingMethod> = {}): ShippingMethod => ({
  ...{ shippingMethodId: ShippingMethodId.parse(name), name, countries: null, isRetired: false },
  ...{ prices: [{ amountMinor: 490, currency: "EUR" }], ...parts },
});
const everywhere = method("everywhere");
const home = method("home", { countries: [jp], prices: [{ amountMinor: 100, currency: "EUR" }] });
const retired = method("retired", { isRetired: true });
const inPounds = method("pounds", { prices: [{ amountMinor: 490, currency: "GBP" }] });

test("offered are the ways that go there, in the currency of the cart, the cheapest first", () => {
  const all = [everywhere, home, retired, inPounds];
  expect(methodsTo(all, gb, "EUR")).toEqual([everywhere]);
  expect(methodsTo(all, jp, "EUR")).toEqual([home, everywhere]);
  expect(methodsTo(all, jp, "GBP")).toEqual([inPounds]);
});

test("a way that goes everywhere goes to each country that is thought of", () => {
  expect(countriesOf([everywhere, home], [gb, de])).toEqual([de, gb, jp]);
  expect(countriesOf([home, retired], [gb, de])).toEqual([jp]);
});
