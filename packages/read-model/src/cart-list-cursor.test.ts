import { instantOf } from "@cartwright/contracts/instant";
import { expect, test } from "vitest";
import { decodeCartListCursor, encodeCartListCursor } from "./cart-list-cursor.ts";
import { aCartId } from "./testing/views.ts";

const place = { at: instantOf(new Date("2026-01-31T09:30:00.123Z")), cartId: aCartId() };

test("a place survives the way to the client and back, in a URL too", () => {
  const cursor = encodeCartListCursor(place);
  expect(decodeCartListCursor(cursor)).toEqual(place);
  expect(encodeURIComponent(cursor)).toBe(cursor);
});

test.each([
  "",
  "not base64!",
  "ünï",
  btoa(place.at),
  btoa(`${place.at} ${place.cartId} more`),
  btoa(`yesterday ${place.cartId}`),
  btoa(`${place.at} ' or 1=1`),
])("%s is no cursor", (text) => expect(decodeCartListCursor(text)).toBeUndefined());
