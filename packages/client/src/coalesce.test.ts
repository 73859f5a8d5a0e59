import { describe, expect, test } from "vitest";
import type { CartCommand } from "./cart-command.ts";
import { coalesce, commute } from "./coalesce.ts";
import { productId, seen } from "./spec.ts";

const shoes = productId("shoes");
const hat = productId("hat");
const add = (quantity: number, product?: ReturnType<typeof seen>, id = shoes): CartCommand => ({
  type: "addItem",
  productId: id,
  quantity,
  ...(product && { product }),
});
const set = (quantity: number, id = shoes): CartCommand => ({ type: "setQuantity", productId: id, quantity });
const remove: CartCommand = { type: "removeItem", productId: shoes };

describe("two commands that follow each other come to one", () => {
  test("where both add the same product at the same price", () => {
    expect(coalesce(add(1, seen("shoes")), add(2, seen("shoes")))).toEqual(add(3, seen("shoes")));
    expect(coalesce(add(1), add(1))).toEqual(add(2));
  });

  test("where the second quantity stands in the place of the first", () => {
    expect(coalesce(set(2), set(5))).toEqual(set(5));
  });

  test.each<[string, CartCommand, CartCommand]>([
    ["another product", add(1), add(1, undefined, hat)],
    ["another price", add(1, seen("shoes", 1_000)), add(1, seen("shoes", 900))],
    ["a price that was not seen", add(1, seen("shoes")), add(1)],
    ["a removal that an undo would bring back", set(0), set(2)],
    ["a quantity of another product", set(1), set(1, hat)],
    ["a removal", remove, remove],
    ["different things", add(1), set(1)],
    ["two undos", { type: "undo" }, { type: "undo" }],
  ])("but not over %s", (_what, earlier, later) => {
    expect(coalesce(earlier, later)).toBe(null);
  });
});

test("what is added overtakes what happens to other products, and nothing else", () => {
  expect(commute(add(1), add(1, undefined, hat))).toBe(true);
  expect(commute(add(1), set(2, hat))).toBe(true);
  expect(commute(add(1), set(2))).toBe(false);
  expect(commute(add(1), set(0, hat))).toBe(false);
  expect(commute(add(1, undefined, hat), remove)).toBe(false);
  expect(commute({ type: "undo" }, add(1))).toBe(false);
});
