import { catalogEvents } from "@cartwright/contracts/catalog-events";
import { ProductId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { StockId } from "@cartwright/contracts/pricing-shapes";
import { ProductData } from "@cartwright/contracts/product-data";
import { specFor } from "@cartwright/decider/spec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { absent, evolveListing, type Listing } from "./listing.ts";
import { putProduct } from "./put-product.ts";
import { retireProduct } from "./retire-product.ts";

const { given } = specFor(absent, evolveListing);
const productId = ProductId.parse("prod-456");
const [monday, tuesday, friday] = ["05", "06", "09"].map((day) => Instant.parse(`2026-01-${day}T09:00:00.000Z`)) as [
  Instant,
  Instant,
  Instant,
];
const laptop = ProductData.parse({
  name: "Gaming Laptop",
  description: "",
  category: "Computers",
  image: "/images/prod-456.svg",
  tags: ["Northwind"],
  stockId: null,
  prices: [
    { amountMinor: 89_900, currency: "EUR" },
    { amountMinor: 150_980, currency: "JPY" },
  ],
});
const cheaper: ProductData = { ...laptop, prices: [{ amountMinor: 79_900, currency: "EUR" }] };
const listed = { type: "ProductListed" as const, data: { productId, ...laptop, listedAt: monday } };
const retired = { type: "ProductRetired" as const, data: { productId, retiredAt: tuesday } };
const put =
  (product: ProductData, at = friday) =>
  (listing: Listing) =>
    putProduct({ productId, product, at }, listing);
const retire = (listing: Listing) => retireProduct({ productId, at: friday }, listing);

test("a product that was not there is listed", () => given().when(put(laptop, monday)).yields(listed));

test("a product that is there is revised, and stays as old as it is", () => {
  const revision = given(listed).when(put(cheaper));
  revision.yields({ type: "ProductRevised", data: { productId, ...cheaper, revisedAt: friday } });
  expect(revision.leaves()).toEqual({ status: "listed", product: cheaper, listedAt: monday });
});

test("saying what is already so changes nothing, in whatever order the prices come", () => {
  given(listed).when(put(laptop)).changesNothing();
  given(listed)
    .when(put({ ...laptop, prices: laptop.prices.toReversed() }))
    .changesNothing();
});

test.each<[string, Partial<ProductData>]>([
  ["name", { name: "Laptop" }],
  ["description", { description: "Fast." }],
  ["category", { category: null }],
  ["image", { image: null }],
  ["tags", { tags: ["Northwind", "new"] }],
  ["set of tags", { tags: [] }],
  ["stock", { stockId: StockId.parse("laptops") }],
  ["prices", { prices: laptop.prices.slice(1) }],
])("another %s is a revision", (_, change) => {
  const product = { ...laptop, ...change };
  given(listed)
    .when(put(product))
    .yields({ type: "ProductRevised", data: { productId, ...product, revisedAt: friday } });
});

test("a product that was retired can be listed again", () =>
  given(listed, retired)
    .when(put(cheaper))
    .yields({ type: "ProductListed", data: { productId, ...cheaper, listedAt: friday } }));

test("a product is retired once", () => {
  given(listed)
    .when(retire)
    .yields({ type: "ProductRetired", data: { productId, retiredAt: friday } });
  given(listed, retired).when(retire).changesNothing();
});

test("a product that never was cannot be retired", () => given().when(retire).refuses({ code: "ProductNotFound", productId }));

test("what was put last is what is listed, and a replay of what is stored gives the same", () => {
  const price = fc.record({ amountMinor: fc.nat(3), currency: fc.constantFrom("EUR" as const, "JPY" as const) });
  const command = fc.oneof(
    price.map((offered) => put({ ...laptop, prices: [offered] })),
    fc.constant(retire),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
      let listing = absent;
      let replayed = absent;
      for (const decide of commands) {
        const decision = decide(listing);
        if (!decision.accepted) continue;
        expect(decision.events.length).toBeLessThanOrEqual(1);
        for (const event of decision.events) {
          listing = evolveListing(listing, event);
          replayed = evolveListing(replayed, catalogEvents.decode(JSON.parse(JSON.stringify(catalogEvents.encode(event)))));
        }
        const again = decide(listing);
        expect(again).toEqual({ accepted: true, events: [] });
      }
      expect(replayed).toEqual(listing);
    }),
  );
});
