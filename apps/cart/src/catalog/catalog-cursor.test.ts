import { base64url } from "jose";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./catalog-cursor.ts";

const list = { sort: "name", currency: "EUR" } as const;
const cursor = { ...list, key: "ecran 27", id: "prod-104" };
const tampered = (change: object) => base64url.encode(JSON.stringify({ ...cursor, ...change }));

test("a cursor comes back as it was given out", () => {
  expect(decodeCursor(encodeCursor(cursor), list)).toEqual(cursor);
  const byPrice = { sort: "price-asc", currency: "EUR" } as const;
  expect(decodeCursor(encodeCursor({ ...byPrice, key: 0, id: "free" }), byPrice)).toEqual({ ...byPrice, key: 0, id: "free" });
});

test.each([
  ["another sort", encodeCursor({ ...cursor, sort: "newest", key: 1 })],
  ["another currency", encodeCursor({ ...cursor, currency: "USD" })],
  ["a key of another kind", tampered({ key: 12 })],
  ["something more", tampered({ admin: true })],
  ["nothing", ""],
  ["no JSON", base64url.encode("{")],
  ["no base64", "§§§"],
])("a cursor of %s is none", (_, text) => expect(decodeCursor(text, list)).toBeUndefined());
