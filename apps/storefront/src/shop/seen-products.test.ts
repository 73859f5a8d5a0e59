import { ProductId } from "@cartwright/contracts/ids";
import { expect, test } from "vitest";
import { seenProducts } from "./seen-products.ts";

const lamp = { productId: ProductId.parse("lamp"), name: "Desk Lamp", left: 2 };
const chair = { productId: ProductId.parse("chair"), name: "Chair", left: null };

test("what was seen stays known, as it was seen last", () => {
  const seen = seenProducts();
  seen.see([lamp]);
  seen.see([chair, { ...lamp, left: 1 }]);
  expect([...seen.getSnapshot()]).toEqual([
    [lamp.productId, { name: "Desk Lamp", left: 1 }],
    [chair.productId, { name: "Chair", left: null }],
  ]);
});

test("nobody is told of what they know", () => {
  const seen = seenProducts();
  let told = 0;
  seen.subscribe(() => told++);
  seen.see([lamp, chair]);
  seen.see([chair, lamp]);
  seen.see([]);
  expect(told).toBe(1);
});
