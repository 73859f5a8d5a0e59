import { expect, test } from "vitest";
import { typedQuantity } from "./typed-quantity.ts";

test.each([
  ["12", { quantity: 12 }],
  [" 3 ", { quantity: 3 }],
  ["0", { quantity: 0 }],
  ["007", { quantity: 7 }],
  ["9999", { quantity: 9_999 }],
  ["10000", { problem: "tooMany" }],
  ["99999999999999999999", { problem: "tooMany" }],
  ["1.5", { problem: "notWhole" }],
  ["1,5", { problem: "notWhole" }],
  ["-1", { problem: "notWhole" }],
  ["1e3", { problem: "notWhole" }],
  ["two", { problem: "notWhole" }],
  ["", null],
  ["  ", null],
] as const)("'%s' is %j", (text, meant) => {
  expect(typedQuantity(text)).toEqual(meant);
});
