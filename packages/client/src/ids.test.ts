import { CartId } from "@cartwright/contracts/ids";
import { afterEach, expect, test } from "vitest";
import { cartIdOf, newCartId } from "./ids.ts";

const { randomUUID } = crypto;
afterEach(() => void Object.defineProperty(crypto, "randomUUID", { value: randomUUID, configurable: true, writable: true }));

test("a new cart has an id that the service takes, and no other cart has it", () => {
  const ids = Array.from({ length: 100 }, newCartId);
  for (const id of ids) expect(CartId.parse(id)).toBe(id);
  expect(new Set(ids).size).toBe(100);
});

test("so it has on a page that came over plain HTTP", () => {
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true, writable: true });
  const ids = Array.from({ length: 100 }, newCartId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(100);
});

test("an id that was kept is written as the service writes it", () => {
  expect(cartIdOf("00000000-0000-4000-8000-00000000000A")).toBe("00000000-0000-4000-8000-00000000000a" as CartId);
});
