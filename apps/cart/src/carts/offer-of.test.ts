import { Instant } from "@cartwright/contracts/instant";
import { describe, expect, test } from "vitest";
import type { Listing } from "../catalog/listing.ts";
import { eur, product, mouse as productId } from "../spec.ts";
import { type Asked, offerOf } from "./offer-of.ts";

const listedAt = Instant.parse("2026-01-01T00:00:00.000Z");
const listed: Listing = { status: "listed", product: product("Mouse", [eur(1_999)]), listedAt };
const retired: Listing = { ...listed, status: "retired" };
const absent: Listing = { status: "absent" };
const snapshot = { name: "Mouse", category: "computers", image: null };

const ask = (fields: Partial<Asked> = {}) => offerOf({ productId, currency: "EUR", mayPrice: false, listing: listed, ...fields });
const offered = (unitPrice = eur(1_999), productSnapshot: object = snapshot) => ({
  ok: true,
  value: { product: productSnapshot, unitPrice },
});
const refused = (refusal: object) => ({ ok: false, refusal });

describe("a shopper", () => {
  test("gets what the catalogue says, whatever name was sent", () => {
    expect(ask()).toEqual(offered());
    expect(ask({ price: 1_999, productName: "Free Mouse" })).toEqual(offered());
  });
  test("is told another price than the one that was seen", () =>
    expect(ask({ price: 0 })).toEqual(refused({ code: "PriceChanged", productId, seen: eur(0), list: eur(1_999) })));
  test("gets nothing that the catalogue does not sell", () => {
    expect(ask({ listing: absent, price: 1, productName: "Mine" })).toEqual(refused({ code: "ProductNotFound", productId }));
    expect(ask({ listing: retired })).toEqual(refused({ code: "ProductRetired", productId }));
    expect(ask({ currency: "USD" })).toEqual(
      refused({ code: "CurrencyNotOffered", productId, currency: "USD", offered: ["EUR"] }) as never,
    );
  });
});

describe("a back end that prices for itself", () => {
  const backEnd = (fields: Partial<Asked>) => ask({ mayPrice: true, ...fields });
  test("brings a price of its own, in any currency, also for what is no longer sold", () => {
    expect(backEnd({ price: 5 })).toEqual(offered(eur(5)));
    expect(backEnd({ price: 5, currency: "USD" })).toEqual(offered({ amountMinor: 5, currency: "USD" }));
    expect(backEnd({ price: 0, listing: retired })).toEqual(offered(eur(0)));
  });
  test("brings a name of its own", () => {
    expect(backEnd({ productName: "Trackball" })).toEqual(offered(eur(1_999), { ...snapshot, name: "Trackball" }));
    const own = { name: "Desk", category: null, image: null };
    expect(backEnd({ listing: absent, productName: "Desk", price: 7 })).toEqual(offered(eur(7), own));
  });
  test("gets the list's price where it brings none", () => {
    expect(backEnd({})).toEqual(offered());
    expect(backEnd({ listing: retired })).toEqual(refused({ code: "ProductRetired", productId }));
    expect(backEnd({ listing: absent, productName: "Desk" })).toEqual(refused({ code: "ProductNotFound", productId }));
  });
});
