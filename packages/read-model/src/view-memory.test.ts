import { ProductId } from "@cartwright/contracts/ids";
import { expect, test } from "vitest";
import { aView } from "./testing/views.ts";
import { viewMemory } from "./view-memory.ts";

const older = aView({ version: 1 });
const newer = { ...older, version: 2 };
const { cartId } = older;

test("what a read found is there for the next one", async () => {
  const memory = viewMemory(10);
  expect(await memory.fill([cartId], async () => new Map([[cartId, older]]))).toEqual(new Map([[cartId, older]]));
  expect(memory.get(cartId)).toBe(older);
});

test("a read that was overtaken by a write answers the write and is not remembered", async () => {
  const memory = viewMemory(10);
  const found = await memory.fill([cartId], async () => {
    memory.put([newer]);
    return new Map([[cartId, older]]);
  });
  expect(found.get(cartId)).toBe(newer);
  expect(memory.get(cartId)).toBe(newer);
});

test("a read that found more than the write that overtook it is remembered: nobody then sees an older view after it", async () => {
  const memory = viewMemory(10);
  const found = await memory.fill([cartId], async () => {
    memory.put([older]);
    return new Map([[cartId, newer]]);
  });
  expect(found.get(cartId)).toBe(newer);
  expect(memory.get(cartId)).toBe(newer);
});

test("nor is it remembered when the write has been displaced meanwhile", async () => {
  const memory = viewMemory(1);
  await memory.fill([cartId], async () => {
    memory.put([newer, aView()]);
    return new Map([[cartId, older]]);
  });
  expect(memory.get(cartId)).toBeUndefined();
});

test("a slow read leaves what a faster one has found", async () => {
  const memory = viewMemory(10);
  const found = await memory.fill([cartId], async () => {
    await memory.fill([cartId], async () => new Map([[cartId, newer]]));
    return new Map([[cartId, older]]);
  });
  expect(found.get(cartId)).toBe(newer);
  expect(memory.get(cartId)).toBe(newer);
});

test("a cart of which nobody knows what was written is not remembered until it is written again", async () => {
  const memory = viewMemory(10);
  memory.put([older]);
  await memory.fill([cartId], async () => {
    memory.doubt([cartId]);
    return new Map([[cartId, older]]);
  });
  expect(memory.get(cartId)).toBeUndefined();
  await memory.fill([cartId], async () => new Map([[cartId, older]]));
  expect(memory.get(cartId)).toBeUndefined();
  memory.put([newer]);
  expect(memory.get(cartId)).toBe(newer);
});

test("a read that fails is forgotten", async () => {
  const memory = viewMemory(10);
  await expect(memory.fill([cartId], () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(memory.get(cartId)).toBeUndefined();
});

test("big carts displace more than small ones, and the biggest is not kept at all", () => {
  const memory = viewMemory(10);
  const money = { amountMinor: 1, currency: "EUR" as const };
  const item = { name: "x", category: null, image: null, quantity: 1, unitPrice: money, lineTotal: money };
  const ofLines = (count: number) =>
    aView({ items: Array.from({ length: count }, (_, index) => ({ ...item, productId: ProductId.parse(`p-${index}`) })) });
  const small = [ofLines(1), ofLines(1), ofLines(1)];
  const big = ofLines(7);
  memory.put([...small, big]);
  expect(small.map((view) => memory.get(view.cartId) !== undefined)).toEqual([false, false, true]);
  memory.put([{ ...big, version: 2, items: ofLines(20).items }]);
  expect(memory.get(big.cartId)).toBeUndefined();
});
