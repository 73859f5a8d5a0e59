import { expect, test } from "vitest";
import { cartStockWords, stockWords } from "./stock-words.ts";

test.each([
  [null, null],
  [6, null],
  [5, "Only 5 left"],
  [1, "Only 1 left"],
  [0, "Sold out"],
] as const)("of a product of which there are %s is said: %s", (left, words) => {
  expect(stockWords(left)).toBe(words);
});

test.each([
  [9_999, null, null],
  [1, 1, null],
  [4, 3, "Only 3 left: more than that cannot be bought just now."],
  [1, 0, "Sold out meanwhile: this cannot be bought just now."],
] as const)("of %i in the cart where %s are left is said: %s", (quantity, left, words) => {
  expect(cartStockWords(quantity, left)).toBe(words);
});
