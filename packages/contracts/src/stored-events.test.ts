import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { billingEvents } from "./billing-events.ts";
import { cartEvents } from "./cart-events.ts";
import { catalogEvents } from "./catalog-events.ts";
import { fraudEvents } from "./fraud-events.ts";
import { notificationEvents } from "./notification-events.ts";
import { privacyEvents } from "./privacy-events.ts";
import { shopEvents } from "./shop-events.ts";

const fixtures = `${import.meta.dirname}/../fixtures`;
const registries = [cartEvents, catalogEvents, billingEvents, fraudEvents, notificationEvents, privacyEvents, shopEvents];
const nameOf = ({ type, schemaVersion }: { type: string; schemaVersion: number }) => `${type}.v${schemaVersion}.json`;
const stored = (type: string, schemaVersion: number) => ({
  type,
  schemaVersion,
  data: JSON.parse(readFileSync(`${fixtures}/${nameOf({ type, schemaVersion })}`, "utf8")),
});

test("every version that was ever stored has its bytes as a fixture, and every fixture is still read", () => {
  const registered = registries.flatMap((registry) => registry.stored.map(nameOf));
  expect(readdirSync(fixtures).sort()).toEqual(registered.sort());
});

describe.each(registries.flatMap((registry) => registry.stored.map((version) => ({ registry, name: nameOf(version), ...version }))))(
  "the stored event $name",
  ({ registry, type, schemaVersion }) => {
    const newest = Math.max(...registry.stored.filter((version) => version.type === type).map((version) => version.schemaVersion));

    test("is decoded to the newest version of its type", () => {
      const event = registry.decode(stored(type, schemaVersion));
      // Each registry encodes what it decoded itself; the union of both does not say so.
      const again = (registry.encode as (event: unknown) => { type: string; schemaVersion: number; data: unknown })(event);
      expect(again).toMatchObject({ type, schemaVersion: newest });
      expect(registry.decode(JSON.parse(JSON.stringify(again)))).toEqual(event);
      if (schemaVersion === newest) expect(again).toEqual(stored(type, schemaVersion));
    });
  },
);

test("an item added before lines held the product is read with the name and nothing else known of it", () => {
  expect(cartEvents.decode(stored("ItemAddedToCart", 1))).toEqual({
    type: "ItemAddedToCart",
    data: {
      cartId: "5f0c6a1e-8d1b-4a57-9a3e-2f6f1d0c9b11",
      productId: "prod-456",
      product: { name: "Gaming Laptop", category: null, image: null },
      quantity: 1,
      unitPrice: { amountMinor: 25_000_000, currency: "EUR" },
      addedAt: "2026-01-31T09:30:00.000Z",
    },
  });
});
