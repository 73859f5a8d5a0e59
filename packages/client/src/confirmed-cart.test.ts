import { absentCart, evolve } from "@cartwright/cart-domain/cart";
import { snapshotOf } from "@cartwright/cart-domain/cart-snapshot";
import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import type { CartChanged } from "@cartwright/contracts/live-cart";
import { describe, expect, test } from "vitest";
import { followed, newestVersions } from "./confirmed-cart.ts";
import { cartId, now, owner, productId, seen } from "./spec.ts";

const opened: CartEvent = { type: "CartOpened", data: { cartId, owner, ownerKind: "user", currency: "EUR", openedAt: now } };
const { price: unitPrice, ...product } = seen("shoes");
const added: CartEvent = {
  type: "ItemAddedToCart",
  data: { cartId, productId: productId("shoes"), product, quantity: 1, unitPrice, addedAt: now },
};
const change = (version: number, event: CartEvent, schemaVersion = newestVersions[event.type]): CartChanged => ({
  kind: "change",
  version,
  event,
  schemaVersion,
  position: 1n,
  at: new Date(now),
  actor: { subject: owner, kind: "user" },
  correlationId: "x",
});
const empty = { cart: absentCart, version: 0 };
const open = { cart: evolve(absentCart, opened), version: 1 };

test("the client knows every event in the version that is written now", () => {
  const written = new Map(cartEvents.stored.map(({ type, schemaVersion }) => [type, schemaVersion]));
  expect(newestVersions).toEqual(Object.fromEntries(written) as typeof newestVersions);
});

describe("a cart is followed", () => {
  test("from its beginning, change by change", () => {
    const first = followed(empty, change(1, opened));
    expect(first).toEqual(open);
    expect(followed(first, change(2, added))).toEqual({ cart: evolve(open.cart, added), version: 2 });
  });

  test("from a snapshot on, whatever was known before, also back to an earlier version", () => {
    const later = { cart: evolve(open.cart, added), version: 2 };
    expect(followed(later, { kind: "snapshot", version: 1, snapshot: snapshotOf(open.cart) })).toEqual(open);
    expect(followed(null, { kind: "snapshot", version: 0, snapshot: null })).toEqual(empty);
  });

  test("and a change that is known already changes nothing", () => {
    expect(followed(open, change(1, opened))).toBe(open);
  });

  test.each<[string, typeof open | null, CartChanged]>([
    ["a change is missing", open, change(3, added)],
    ["there is nothing yet that could change", null, change(1, opened)],
    ["the service writes a version of the event that is newer", open, change(2, added, 3)],
    ["the service writes an event that is not known here", open, change(2, { ...added, type: "CartGiftWrapped" as never }, 1)],
    ["the change happened to another cart than this", empty, change(1, added)],
  ])("no further where %s", (_why, confirmed, message) => {
    expect(followed(confirmed, message)).toBe(null);
  });
});
